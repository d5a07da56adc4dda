// Inference of the ops that read and write by index. The values of indices are checked by the kernels.

import { DtypeError, ShapeError } from "../../core/errors.ts";
import { sameShape } from "../../core/shape.ts";
import type { Meta } from "../table.ts";
import { requireIndex, requireRank } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

export const indexingInference = {
  gather: ([x, index], { dim }) => {
    requireIndex("gather", index);
    requireWithin("gather", x, index, dim);
    return { shape: index.shape, dtype: x.dtype };
  },
  scatterAdd: ([base, index, source], { dim }) => {
    requireIndex("scatterAdd", index);
    requireWithin("scatterAdd", base, index, dim);
    if (!sameShape(index.shape, source.shape)) {
      throw ShapeError.of(
        "scatterAdd",
        "index and source differ",
        { index: index.shape, source: source.shape },
        "Every index needs its element.",
      );
    }
    return base;
  },
  scatter: ([base, index, source], { dim }) => {
    requireIndex("scatter", index);
    requireWithin("scatter", base, index, dim);
    if (base.dtype !== source.dtype) {
      const dtypes = [base.dtype, source.dtype];
      const problem = `dtypes differ, input ${base.dtype}, source ${source.dtype}`;
      throw new DtypeError("scatter", problem, dtypes, `Convert the source with .to("${base.dtype}").`);
    }
    if (!sameShape(index.shape, source.shape)) {
      const shapes = { index: index.shape, source: source.shape };
      throw ShapeError.of(
        "scatter",
        "index and source differ",
        shapes,
        "Every index needs its element; or give a number.",
      );
    }
    return base;
  },
  indexSelect: ([x, index], { dim }) => {
    requireIndex("indexSelect", index);
    requireRank("indexSelect", "index", index, 1, "a list");
    return { shape: x.shape.map((size, d) => (d === dim ? index.shape[0]! : size)), dtype: x.dtype };
  },
  indexAdd: ([base, index, source], { dim }) => {
    requireIndex("indexAdd", index);
    requireRank("indexAdd", "index", index, 1, "a list");
    const expected = base.shape.map((size, d) => (d === dim ? index.shape[0]! : size));
    if (!sameShape(expected, source.shape)) {
      throw ShapeError.of(
        "indexAdd",
        "source does not fit",
        { source: source.shape, expected },
        "It has one slice for each index; its other sizes are the input's.",
      );
    }
    return base;
  },
  oneHot: ([index], { classes }) => {
    requireIndex("oneHot", index);
    return { shape: [...index.shape, classes], dtype: "int32" };
  },
} satisfies Partial<InferenceTable>;

function requireWithin(op: string, x: Meta, index: Meta, dim: number): void {
  const fits =
    x.shape.length === index.shape.length && index.shape.every((size, d) => d === dim || size <= x.shape[d]!);
  if (fits) return;
  throw ShapeError.of(
    op,
    `index must not exceed input outside dimension ${dim}`,
    {
      input: x.shape,
      index: index.shape,
    },
    "Index has as many dimensions as the input, none longer but the one it picks along.",
  );
}
