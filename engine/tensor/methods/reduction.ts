// Methods of Tensor: reductions, statistics and order. Thin calls of ops/functions, attached by ../methods.ts.

import type { KeepDim } from "../../ops/functions/operands.ts";
import * as order from "../../ops/functions/reduction/order.ts";
import * as reduction from "../../ops/functions/reduction/reduction.ts";
import * as statistics from "../../ops/functions/reduction/statistics.ts";
import type { Tensor } from "../tensor.ts";

function min(this: Tensor): Tensor;
function min(this: Tensor, dim: number, options?: KeepDim): reduction.MaxResult;
function min(this: Tensor, dim?: number, options?: KeepDim): Tensor | reduction.MaxResult {
  return dim === undefined ? reduction.min(this) : reduction.min(this, dim, options);
}

function median(this: Tensor): Tensor;
function median(this: Tensor, dim: number, options?: KeepDim): reduction.MaxResult;
function median(this: Tensor, dim?: number, options?: KeepDim): Tensor | reduction.MaxResult {
  return dim === undefined ? order.median(this) : order.median(this, dim, options);
}

export const reductionMethods = {
  /** The smallest element; along `dim` the values and where they are. */
  min,
  /** The median; along `dim` the values and where they are. */
  median,
  /** Product over `dim` or over everything. */
  prod(this: Tensor, dim?: number, options?: KeepDim): Tensor {
    return reduction.prod(this, dim, options);
  },
  /** The largest elements over `dim`, over several, or over everything. */
  amax(this: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
    return reduction.amax(this, dim, options);
  },
  /** The smallest elements over `dim`, over several, or over everything. */
  amin(this: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
    return reduction.amin(this, dim, options);
  },
  /** Where the smallest element is: along `dim`, or in the flattened tensor. */
  argmin(this: Tensor, dim?: number, options?: KeepDim): Tensor {
    return reduction.argmin(this, dim, options);
  },
  /** Whether any element is true over `dim`, over several, or over everything. */
  any(this: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
    return reduction.any(this, dim, options);
  },
  /** Whether all elements are true over `dim`, over several, or over everything. */
  all(this: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
    return reduction.all(this, dim, options);
  },
  /** How many elements are not 0 over `dim`, over several, or over everything. */
  countNonzero(this: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
    return reduction.countNonzero(this, dim, options);
  },
  /** Variance over `dim`, over several, or over everything. */
  var(this: Tensor, dim?: number | readonly number[], options?: statistics.VarianceOptions): Tensor {
    return statistics.variance(this, dim, options);
  },
  /** Standard deviation over `dim`, over several, or over everything. */
  std(this: Tensor, dim?: number | readonly number[], options?: statistics.VarianceOptions): Tensor {
    return statistics.std(this, dim, options);
  },
  /** The p-norm over `dim`, over several, or over everything; Euclidean by default. */
  norm(this: Tensor, p?: number, dim?: number | readonly number[], options?: KeepDim): Tensor {
    return statistics.norm(this, p, dim, options);
  },
  /** ln Σ eˣ over `dim` or over several, without overflow. */
  logsumexp(this: Tensor, dim: number | readonly number[], options?: KeepDim): Tensor {
    return statistics.logsumexp(this, dim, options);
  },
  /** Running sum along `dim`. */
  cumsum(this: Tensor, dim: number): Tensor {
    return order.cumsum(this, dim);
  },
  /** Running product along `dim`. */
  cumprod(this: Tensor, dim: number): Tensor {
    return order.cumprod(this, dim);
  },
  /** The elements in order along a dimension, and where they were. */
  sort(this: Tensor, options?: order.SortOptions): reduction.MaxResult {
    return order.sort(this, options);
  },
  /** Where the elements in order along a dimension are. */
  argsort(this: Tensor, options?: order.SortOptions): Tensor {
    return order.argsort(this, options);
  },
  /** The k largest elements along a dimension, in order, and where they were. */
  topk(this: Tensor, k: number, options?: order.TopkOptions): reduction.MaxResult {
    return order.topk(this, k, options);
  },
};
