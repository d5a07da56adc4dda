// Inference of reductions. Dimensions arrive resolved.

import { ShapeError } from "../../core/errors.ts";
import { reducedShape } from "../../core/shape.ts";
import type { Meta, OpName, ReduceDimParams, ReduceParams } from "../table.ts";
import { requireFloat } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

const extremum =
  (op: OpName, which: string) =>
  ([x]: readonly [Meta], { dims, keepdim }: ReduceParams): Meta => {
    requireElements(op, x, dims, which);
    return { shape: reducedShape(x.shape, dims, keepdim), dtype: x.dtype };
  };

const position =
  (op: OpName, which: string) =>
  ([x]: readonly [Meta], { dim, keepdim }: ReduceDimParams): Meta => {
    requireElements(op, x, [dim], which);
    return { shape: reducedShape(x.shape, [dim], keepdim), dtype: "int32" };
  };

export const reductionInference = {
  sum: ([x], { dims, keepdim }) => ({
    shape: reducedShape(x.shape, dims, keepdim),
    dtype: x.dtype === "bool" ? "int32" : x.dtype,
  }),
  mean: ([x], { dims, keepdim }) => {
    requireFloat("mean", x);
    return { shape: reducedShape(x.shape, dims, keepdim), dtype: x.dtype };
  },
  amax: extremum("amax", "largest"),
  amin: extremum("amin", "smallest"),
  argmax: position("argmax", "largest"),
  argmin: position("argmin", "smallest"),
  prod: ([x], { dim, keepdim }) => ({
    shape: reducedShape(x.shape, [dim], keepdim),
    dtype: x.dtype === "bool" ? "int32" : x.dtype,
  }),
} satisfies Partial<InferenceTable>;

function requireElements(op: OpName, x: Meta, dims: readonly number[], which: string): void {
  if (dims.every((dim) => x.shape[dim] !== 0)) return;
  const hint = "Every reduced dimension needs at least one entry.";
  throw ShapeError.of(op, `there is no ${which} of no elements`, { input: x.shape }, hint);
}
