// Sums, means and maxima over all or some dimensions, in function form.

import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import { gather } from "./indexing.ts";
import { reshape } from "./movement.ts";
import { dimOf, dimsOf, type KeepDim, toFloat } from "./operands.ts";

/** What `max` over a dimension gives. */
export interface MaxResult {
  readonly values: Tensor;
  /** Where along the dimension each value was found, int32. */
  readonly indices: Tensor;
}

/** Sum over `dim`, over several, or over everything. bool and int32 give int32. Gradient: 1. */
export function sum(x: Tensor, dim?: number | readonly number[], { keepdim = false }: KeepDim = {}): Tensor {
  return dispatch("sum", [x], { dims: dimsOf("sum", dim, x.shape), keepdim });
}

/** Mean over `dim`, over several, or over everything, as float32. Gradient: 1/n. */
export function mean(x: Tensor, dim?: number | readonly number[], { keepdim = false }: KeepDim = {}): Tensor {
  return dispatch("mean", [toFloat(x)], { dims: dimsOf("mean", dim, x.shape), keepdim });
}

/** The largest element. Gradient: shared equally among the largest. */
export function max(x: Tensor): Tensor;
/** The largest elements along `dim` and where they are. Gradient: to the first of the largest. */
export function max(x: Tensor, dim: number, options?: KeepDim): MaxResult;
export function max(x: Tensor, dim?: number, { keepdim = false }: KeepDim = {}): Tensor | MaxResult {
  if (dim === undefined) return dispatch("amax", [x], { dims: dimsOf("max", dim, x.shape), keepdim: false });
  if (x.ndim === 0) return { values: dispatch("amax", [x], { dims: [], keepdim }), indices: argmax(x) };
  const along = dimOf("max", dim, x.shape);
  const kept = dispatch("argmax", [x], { dim: along, keepdim: true });
  const values = gather(x, along, kept);
  if (keepdim) return { values, indices: kept };
  const shape = x.shape.filter((_, d) => d !== along);
  return { values: reshape(values, shape), indices: reshape(kept, shape) };
}

/** Where the largest element is: along `dim`, or in the flattened tensor. int32; the first of equal ones. */
export function argmax(x: Tensor, dim?: number, { keepdim = false }: KeepDim = {}): Tensor {
  if (dim === undefined || x.ndim === 0) return dispatch("argmax", [reshape(x, [-1])], { dim: 0, keepdim: false });
  return dispatch("argmax", [x], { dim: dimOf("argmax", dim, x.shape), keepdim });
}
