// Along one dimension, in function form: running sums and products, sorting and what is picked by it. Sorting is stable; a
// NaN is larger than everything. Gradients go through the positions, to the elements that were picked.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import { full, zeros } from "../../../tensor/creation.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { gather } from "../indexing/indexing.ts";
import { cat, narrow, reshape } from "../movement/movement.ts";
import { dimOf, type KeepDim } from "../operands.ts";
import { ne, to, where } from "../pointwise/pointwise.ts";
import { any, type MaxResult } from "./reduction.ts";

export interface SortOptions {
  /** Default: the last dimension. */
  readonly dim?: number;
  /** Largest first. Default: false. */
  readonly descending?: boolean;
  /** Equal elements keep their order; they always do. */
  readonly stable?: boolean;
}

export interface TopkOptions {
  /** Default: the last dimension. */
  readonly dim?: number;
  /** The largest, largest first; or the smallest, smallest first. Default: true. */
  readonly largest?: boolean;
}

/**
 * Running sum along `dim`: y[k] = x[0] + … + x[k]. The shape stays; bool gives int32. Gradient: the running sum from the
 * end. Throws a ShapeError for a dimension that is out of range.
 *
 * @example
 * cumsum(tensor([1, 2, 3]), 0); // tensor([1., 3., 6.])
 */
export function cumsum(x: Tensor, dim: number): Tensor {
  return dispatch("cumsum", [x], { dim: dimOf("cumsum", dim, x.shape) });
}

/**
 * Running product along `dim`: y[k] = x[0] · … · x[k]. The shape stays; bool gives int32. Gradient: exact, also where
 * elements are 0. Throws a ShapeError for a dimension that is out of range.
 *
 * @example
 * cumprod(tensor([1, 2, 3]), 0); // tensor([1., 2., 6.])
 */
export function cumprod(x: Tensor, dim: number): Tensor {
  const along = dimOf("cumprod", dim, x.shape);
  const factors = x.dtype === "bool" ? to(x, "int32") : x;
  const length = x.shape[along] ?? 1;
  if (x.ndim === 0 || length < 2) return reshape(factors, x.shape);
  return scoped(() => {
    const rest = zeros(
      x.shape.map((size, d) => (d === along ? size - 1 : size)),
      { dtype: factors.dtype, device: x.device },
    );
    return recurrence(factors, cat([narrow(factors, along, 0, 1), rest], along), along);
  });
}

/**
 * Linear recurrence along `dim`: y[k] = a[k] · y[k - 1] + b[k], starting from y[-1] = 0; a running mean, a filter, a
 * discounted return. a, b and y have one shape and dtype. Gradient: with λ[k] = g[k] + a[k + 1] · λ[k + 1], λ for b and
 * λ[k] · y[k - 1] for a. Throws a ShapeError where the shapes differ.
 */
export function recurrence(a: Tensor, b: Tensor, dim: number): Tensor {
  return dispatch("recurrence", [a, b], { dim: dimOf("recurrence", dim, b.shape) });
}

/**
 * The elements in order along `dim`, and where they were (int32). Shapes stay. Gradient: to where each element was.
 *
 * @example
 * sort(tensor([3, 1, 2])).values; // tensor([1., 2., 3.])
 * sort(tensor([3, 1, 2]), { descending: true }).indices; // tensor([0, 2, 1])
 */
export function sort(x: Tensor, { dim = -1, descending = false }: SortOptions = {}): MaxResult {
  const along = dimOf("sort", dim, x.shape);
  return picked(x, along, dispatch("argsort", [x], { dim: along, descending }));
}

/**
 * Where the elements in order along `dim` are, as int32: gather with it sorts.
 *
 * @example
 * argsort(tensor([3, 1, 2])); // tensor([1, 2, 0])
 */
export function argsort(x: Tensor, { dim = -1, descending = false }: SortOptions = {}): Tensor {
  return dispatch("argsort", [x], { dim: dimOf("argsort", dim, x.shape), descending });
}

/**
 * The k largest (or smallest) elements along `dim`, in order, and where they were (int32). Gradient: to where each element
 * was. Throws an ArgumentError if there are not k elements.
 *
 * @example
 * topk(tensor([3, 1, 2]), 2).values; // tensor([3., 2.])
 */
export function topk(x: Tensor, k: number, { dim = -1, largest = true }: TopkOptions = {}): MaxResult {
  const along = dimOf("topk", dim, x.shape);
  const length = x.shape[along] ?? 1;
  if (!Number.isInteger(k) || k < 0 || k > length) {
    throw new ArgumentError("topk", `k must be between 0 and ${length}, got ${k}`, `Dimension ${dim} has that many.`);
  }
  const places = scoped(() => {
    const sorted = dispatch("argsort", [x], { dim: along, descending: largest });
    return x.ndim === 0 ? sorted : narrow(sorted, along, 0, k);
  });
  return picked(x, along, places);
}

/**
 * The median: of an even number of elements the lower one in the middle; NaN if there is one. With `dim` also where it is
 * (int32). Gradient: to that element. Throws a ShapeError where there are no elements along `dim`; of nothing it is NaN.
 *
 * @example
 * median(tensor([3, 1, 2, 4])); // tensor(2.)
 */
export function median(x: Tensor): Tensor;
/** The medians along `dim`, and where they are (int32). */
export function median(x: Tensor, dim: number, options?: KeepDim): MaxResult;
export function median(x: Tensor, dim?: number, { keepdim = false }: KeepDim = {}): Tensor | MaxResult {
  if (dim === undefined) {
    return x.numel === 0 ? full([], Number.NaN, { device: x.device }) : middle(reshape(x, [-1]), 0, false).values;
  }
  const along = dimOf("median", dim, x.shape);
  if (x.ndim === 0) return { values: reshape(x, []), indices: zeros([], { dtype: "int32", device: x.device }) };
  if (x.shape[along] === 0) {
    const hint = "Every line needs at least one entry.";
    throw ShapeError.of("median", `there is no middle of no elements along dimension ${dim}`, { input: x.shape }, hint);
  }
  return middle(x, along, keepdim);
}

function middle(x: Tensor, dim: number, keepdim: boolean): MaxResult {
  const length = x.shape[dim]!;
  const places = scoped(() => {
    const sorted = dispatch("argsort", [x], { dim, descending: false });
    const hasNaN = any(ne(x, x), dim, { keepdim: true });
    return where(hasNaN, narrow(sorted, dim, length - 1, 1), narrow(sorted, dim, Math.floor((length - 1) / 2), 1));
  });
  const { values, indices } = picked(x, dim, places);
  if (keepdim) return { values, indices };
  const shape = x.shape.filter((_, d) => d !== dim);
  return { values: reshape(values, shape), indices: reshape(indices, shape) };
}

/** The elements at `indices`; a scalar has only itself. */
function picked(x: Tensor, dim: number, indices: Tensor): MaxResult {
  return { values: x.ndim === 0 ? reshape(x, []) : gather(x, dim, indices), indices };
}
