// Sums, means, products and extrema over all or some dimensions, in function form. Statistics are in statistics.ts.

import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { gather } from "../indexing/indexing.ts";
import { reshape } from "../movement/movement.ts";
import { dimOf, dimsOf, type KeepDim, toFloat } from "../operands.ts";
import { eq, gt, ne } from "../pointwise/pointwise.ts";

/** What `max`, `min`, `median`, `sort` and `topk` along a dimension give. */
export interface MaxResult {
  readonly values: Tensor;
  /** Where along the dimension each value was found, int32. */
  readonly indices: Tensor;
}

/**
 * Sum over `dim`, over several, or over everything. bool and int32 give int32; float32 is summed in float64. Gradient:
 * 1. Throws a ShapeError for dimensions out of range.
 *
 * @example
 * sum(tensor([[1, 2], [3, 4]]), 0); // tensor([4., 6.])
 */
export function sum(x: Tensor, dim?: number | readonly number[], { keepdim = false }: KeepDim = {}): Tensor {
  return dispatch("sum", [x], { dims: dimsOf("sum", dim, x.shape), keepdim });
}

/**
 * Mean over `dim`, over several, or over everything, as float32; of booleans the share of true. NaN of nothing.
 * Gradient: 1/n. Throws a ShapeError for dimensions out of range.
 *
 * @example
 * mean(tensor([true, false])); // tensor(0.5000)
 */
export function mean(x: Tensor, dim?: number | readonly number[], { keepdim = false }: KeepDim = {}): Tensor {
  return dispatch("mean", [toFloat(x)], { dims: dimsOf("mean", dim, x.shape), keepdim });
}

/**
 * Product over `dim` or over everything; 1 of nothing. bool and int32 give int32. Gradient: the product of the other
 * elements, also where some are 0.
 *
 * @example
 * prod(tensor([2, 3, 4])); // tensor(24.)
 */
export function prod(x: Tensor, dim?: number, { keepdim = false }: KeepDim = {}): Tensor {
  if (dim === undefined || x.ndim === 0) return dispatch("prod", [reshape(x, [-1])], { dim: 0, keepdim: false });
  return dispatch("prod", [x], { dim: dimOf("prod", dim, x.shape), keepdim });
}

/**
 * The largest element. Gradient: shared equally among the largest. Throws a ShapeError where there are no elements.
 *
 * @example
 * max(tensor([3, 7, 5])); // tensor(7.)
 */
export function max(x: Tensor): Tensor;
/**
 * The largest elements along `dim` and where they are (int32). Gradient: to the first of the largest. Throws a
 * ShapeError where there are no elements.
 *
 * @example
 * max(tensor([[1, 5], [7, 3]]), 1).values; // tensor([5., 7.])
 */
export function max(x: Tensor, dim: number, options?: KeepDim): MaxResult;
export function max(x: Tensor, dim?: number, { keepdim = false }: KeepDim = {}): Tensor | MaxResult {
  return dim === undefined ? amax(x) : found("max", x, dim, keepdim);
}

/**
 * The smallest element. Gradient: shared equally among the smallest. Throws a ShapeError where there are no elements.
 *
 * @example
 * min(tensor([3, 1, 2])); // tensor(1.)
 */
export function min(x: Tensor): Tensor;
/**
 * The smallest elements along `dim` and where they are (int32). Gradient: to the first of the smallest. Throws a
 * ShapeError where there are no elements.
 *
 * @example
 * min(tensor([3, 1, 2]), 0).indices; // tensor(1)
 */
export function min(x: Tensor, dim: number, options?: KeepDim): MaxResult;
export function min(x: Tensor, dim?: number, { keepdim = false }: KeepDim = {}): Tensor | MaxResult {
  return dim === undefined ? amin(x) : found("min", x, dim, keepdim);
}

/**
 * The largest elements over `dim`, over several, or over everything. Gradient: shared equally among the largest. Throws a
 * ShapeError where there are no elements.
 *
 * @example
 * amax(tensor([[1, 5], [7, 3]]), 1); // tensor([5., 7.])
 */
export function amax(x: Tensor, dim?: number | readonly number[], { keepdim = false }: KeepDim = {}): Tensor {
  return dispatch("amax", [x], { dims: dimsOf("amax", dim, x.shape), keepdim });
}

/**
 * The smallest elements over `dim`, over several, or over everything. Gradient: shared equally among the smallest. Throws a
 * ShapeError where there are no elements.
 *
 * @example
 * amin(tensor([[1, 5], [7, 3]]), 1); // tensor([1., 3.])
 */
export function amin(x: Tensor, dim?: number | readonly number[], { keepdim = false }: KeepDim = {}): Tensor {
  return dispatch("amin", [x], { dims: dimsOf("amin", dim, x.shape), keepdim });
}

/**
 * Where the largest element is: along `dim`, or in the flattened tensor. int32; the first of equal ones. No gradient.
 * Throws a ShapeError where there are no elements.
 *
 * @example
 * argmax(tensor([3, 7, 5])); // tensor(1)
 */
export function argmax(x: Tensor, dim?: number, { keepdim = false }: KeepDim = {}): Tensor {
  if (dim === undefined || x.ndim === 0) return dispatch("argmax", [reshape(x, [-1])], { dim: 0, keepdim: false });
  return dispatch("argmax", [x], { dim: dimOf("argmax", dim, x.shape), keepdim });
}

/**
 * Where the smallest element is: along `dim`, or in the flattened tensor. int32; the first of equal ones. Throws a
 * ShapeError where there are no elements.
 *
 * @example
 * argmin(tensor([3, 1, 2])); // tensor(1)
 */
export function argmin(x: Tensor, dim?: number, { keepdim = false }: KeepDim = {}): Tensor {
  if (dim === undefined || x.ndim === 0) return dispatch("argmin", [reshape(x, [-1])], { dim: 0, keepdim: false });
  return dispatch("argmin", [x], { dim: dimOf("argmin", dim, x.shape), keepdim });
}

/**
 * Whether any element is true (not 0) over `dim`, over several, or over everything, as bool; false of nothing.
 *
 * @example
 * any(tensor([0, 2])); // tensor(True)
 */
export function any(x: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
  return scoped(() => gt(countNonzero(x, dim, options), 0));
}

/**
 * Whether all elements are true (not 0) over `dim`, over several, or over everything, as bool; true of nothing.
 *
 * @example
 * all(tensor([0, 2])); // tensor(False)
 */
export function all(x: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
  return scoped(() => eq(sum(eq(x, 0), dim, options), 0));
}

/**
 * How many elements are not 0 over `dim`, over several, or over everything, as int32. A NaN is not 0.
 *
 * @example
 * countNonzero(tensor([0, 2, 3])); // tensor(2)
 */
export function countNonzero(x: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
  return scoped(() => sum(ne(x, 0), dim, options));
}

/** The extremum along one dimension: found by position, so that its gradient goes to one element. */
function found(op: "max" | "min", x: Tensor, dim: number, keepdim: boolean): MaxResult {
  const along = dimOf(op, dim, x.shape);
  const position = op === "max" ? argmax : argmin;
  // A scalar is its own extremum.
  if (x.ndim === 0) return { values: reshape(x, []), indices: position(x) };
  const kept = position(x, along, { keepdim: true });
  const values = gather(x, along, kept);
  if (keepdim) return { values, indices: kept };
  const shape = x.shape.filter((_, d) => d !== along);
  return { values: reshape(values, shape), indices: reshape(kept, shape) };
}
