// Inference of reductions. Dimensions arrive resolved.

import { ShapeError } from "../../core/errors.ts";
import { reducedShape, sizeOf } from "../../core/shape.ts";
import type { Meta, OpName } from "../table.ts";
import { requireFloat } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

export const reductionInference = {
  sum: ([x], { dims, keepdim }) => ({
    shape: reducedShape(x.shape, dims, keepdim),
    dtype: x.dtype === "bool" ? "int32" : x.dtype,
  }),
  mean: ([x], { dims, keepdim }) => {
    requireFloat("mean", x);
    return { shape: reducedShape(x.shape, dims, keepdim), dtype: x.dtype };
  },
  amax: ([x], { dims, keepdim }) => {
    requireElements("amax", x);
    return { shape: reducedShape(x.shape, dims, keepdim), dtype: x.dtype };
  },
  argmax: ([x], { dim, keepdim }) => {
    requireElements("argmax", x);
    return { shape: reducedShape(x.shape, [dim], keepdim), dtype: "int32" };
  },
} satisfies Partial<InferenceTable>;

function requireElements(op: OpName, x: Meta): void {
  if (sizeOf(x.shape) === 0) throw ShapeError.of(op, "there is no largest of no elements", { input: x.shape });
}
