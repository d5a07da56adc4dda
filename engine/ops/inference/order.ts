// Inference of the ops along one dimension that keep the shape: running sums, recurrences, sorting.

import { DtypeError, ShapeError } from "../../core/errors.ts";
import { sameShape } from "../../core/shape.ts";
import type { InferenceTable } from "./inference-table.ts";

export const orderInference = {
  cumsum: ([x]) => ({ shape: x.shape, dtype: x.dtype === "bool" ? "int32" : x.dtype }),
  recurrence: ([a, b]) => {
    if (!sameShape(a.shape, b.shape)) {
      throw ShapeError.of("recurrence", "factors and terms differ", { a: a.shape, b: b.shape }, "Expand one of them.");
    }
    if (a.dtype !== b.dtype) {
      const dtypes = [a.dtype, b.dtype];
      throw new DtypeError(
        "recurrence",
        `dtypes differ, a ${a.dtype}, b ${b.dtype}`,
        dtypes,
        "Convert one with .to().",
      );
    }
    return { shape: b.shape, dtype: b.dtype };
  },
  argsort: ([x]) => ({ shape: x.shape, dtype: "int32" }),
} satisfies Partial<InferenceTable>;
