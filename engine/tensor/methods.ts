// The ops as methods of Tensor: thin calls of ops/functions, attached to the class here because they could not be
// imported there. Importing this module attaches them; the engine's door does.

import { type BackwardOptions, backward } from "../autograd/backward.ts";
import type { Device } from "../core/device.ts";
import type { DType } from "../core/dtype.ts";
import { logSoftmax, softmax } from "../ops/functions/classification.ts";
import { at, type Index } from "../ops/functions/indexing/at.ts";
import * as indexing from "../ops/functions/indexing/indexing.ts";
import * as movement from "../ops/functions/movement/movement.ts";
import type { KeepDim, Operand } from "../ops/functions/operands.ts";
import * as pointwise from "../ops/functions/pointwise/pointwise.ts";
import { matmul } from "../ops/functions/products/matmul.ts";
import * as reduction from "../ops/functions/reduction/reduction.ts";
import { inPlaceMethods } from "./in-place.ts";
import { arrangeMethods } from "./methods/arrange.ts";
import { elementaryMethods } from "./methods/elementary.ts";
import { reductionMethods } from "./methods/reduction.ts";
import { Tensor } from "./tensor.ts";

/** Sizes or dimensions, one by one or as a list. */
type Listed = number[] | [readonly number[]];

const listed = (values: Listed): readonly number[] =>
  typeof values[0] === "object" ? values[0] : (values as readonly number[]);

function max(this: Tensor): Tensor;
function max(this: Tensor, dim: number, options?: KeepDim): reduction.MaxResult;
function max(this: Tensor, dim?: number, options?: KeepDim): Tensor | reduction.MaxResult {
  return dim === undefined ? reduction.max(this) : reduction.max(this, dim, options);
}

const methods = {
  ...inPlaceMethods,
  ...arrangeMethods,
  ...elementaryMethods,
  ...reductionMethods,
  /** this + other. */
  add(this: Tensor, other: Operand): Tensor {
    return pointwise.add(this, other);
  },
  /** this - other. */
  sub(this: Tensor, other: Operand): Tensor {
    return pointwise.sub(this, other);
  },
  /** this · other, element by element. */
  mul(this: Tensor, other: Operand): Tensor {
    return pointwise.mul(this, other);
  },
  /** this / other, always in float32. */
  div(this: Tensor, other: Operand): Tensor {
    return pointwise.div(this, other);
  },
  /** this to the power of exponent. */
  pow(this: Tensor, exponent: Operand): Tensor {
    return pointwise.pow(this, exponent);
  },
  /** The larger of both, element by element. */
  maximum(this: Tensor, other: Operand): Tensor {
    return pointwise.maximum(this, other);
  },
  /** this = other, as bool. */
  eq(this: Tensor, other: Operand): Tensor {
    return pointwise.eq(this, other);
  },
  /** this > other, as bool. */
  gt(this: Tensor, other: Operand): Tensor {
    return pointwise.gt(this, other);
  },
  /** this < other, as bool. */
  lt(this: Tensor, other: Operand): Tensor {
    return pointwise.lt(this, other);
  },
  /** -this */
  neg(this: Tensor): Tensor {
    return pointwise.neg(this);
  },
  /** e to the power of this. */
  exp(this: Tensor): Tensor {
    return pointwise.exp(this);
  },
  /** Natural logarithm. */
  log(this: Tensor): Tensor {
    return pointwise.log(this);
  },
  /** Square root. */
  sqrt(this: Tensor): Tensor {
    return pointwise.sqrt(this);
  },
  /** Absolute value. */
  abs(this: Tensor): Tensor {
    return pointwise.abs(this);
  },
  /** Hyperbolic tangent. */
  tanh(this: Tensor): Tensor {
    return pointwise.tanh(this);
  },
  /** 1/(1 + e⁻ˣ) */
  sigmoid(this: Tensor): Tensor {
    return pointwise.sigmoid(this);
  },
  /** max(this, 0) */
  relu(this: Tensor): Tensor {
    return pointwise.relu(this);
  },
  /** The elements as another dtype, or on another device. */
  to(this: Tensor, target: DType | Device): Tensor {
    return pointwise.to(this, target);
  },
  /** Sum over `dim`, over several, or over everything. */
  sum(this: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
    return reduction.sum(this, dim, options);
  },
  /** Mean over `dim`, over several, or over everything; of booleans the share of true. */
  mean(this: Tensor, dim?: number | readonly number[], options?: KeepDim): Tensor {
    return reduction.mean(this, dim, options);
  },
  /** The largest element; along `dim` the values and where they are. */
  max,
  /** Where the largest element is: along `dim`, or in the flattened tensor. */
  argmax(this: Tensor, dim?: number, options?: KeepDim): Tensor {
    return reduction.argmax(this, dim, options);
  },
  /** The same elements row by row: this tensor if they lie so already, else a copy. */
  contiguous(this: Tensor): Tensor {
    return movement.contiguous(this);
  },
  /** Another shape for the same elements: `reshape(2, -1)` or `reshape([2, -1])`. */
  reshape(this: Tensor, ...shape: Listed): Tensor {
    return movement.reshape(this, listed(shape));
  },
  /** Reorders the dimensions. */
  permute(this: Tensor, ...dims: Listed): Tensor {
    return movement.permute(this, listed(dims));
  },
  /** Swaps two dimensions. */
  transpose(this: Tensor, dim0: number, dim1: number): Tensor {
    return movement.transpose(this, dim0, dim1);
  },
  /** The transpose of a matrix; a vector stays as it is. */
  t(this: Tensor): Tensor {
    return this.ndim < 2 ? this : movement.transpose(this, 0, 1);
  },
  /** Repeats dimensions of size 1. */
  expand(this: Tensor, ...shape: Listed): Tensor {
    return movement.expand(this, listed(shape));
  },
  /** Joins the dimensions from `startDim` to `endDim` into one. */
  flatten(this: Tensor, startDim?: number, endDim?: number): Tensor {
    return movement.flatten(this, startDim, endDim);
  },
  /** Inserts a dimension of size 1. */
  unsqueeze(this: Tensor, dim: number): Tensor {
    return movement.unsqueeze(this, dim);
  },
  /** Drops dimensions of size 1. */
  squeeze(this: Tensor, dim?: number): Tensor {
    return movement.squeeze(this, dim);
  },
  /** Indexing, `x[i, j, …]` of NumPy and PyTorch: `x.at(0, "1:-1", "...", null, [2, 0])`. */
  at(this: Tensor, ...indices: readonly Index[]): Tensor {
    return at(this, ...indices);
  },
  /** `length` entries along `dim` from `start` on. */
  narrow(this: Tensor, dim: number, start: number, length: number): Tensor {
    return movement.narrow(this, dim, start, length);
  },
  /** Entry `index` along `dim`, without that dimension. */
  select(this: Tensor, dim: number, index: number): Tensor {
    return movement.select(this, dim, index);
  },
  /** The slices of `dim` that `index` lists. */
  indexSelect(this: Tensor, dim: number, index: Tensor | readonly number[]): Tensor {
    return indexing.indexSelect(this, dim, index);
  },
  /** Picks along `dim` one element per entry of `index`. */
  gather(this: Tensor, dim: number, index: Tensor): Tensor {
    return indexing.gather(this, dim, index);
  },
  /** Matrix product. */
  matmul(this: Tensor, other: Tensor): Tensor {
    return matmul(this, other);
  },
  /** eˣ / Σ eˣ along `dim`. */
  softmax(this: Tensor, dim: number): Tensor {
    return softmax(this, dim);
  },
  /** The logarithm of softmax along `dim`. */
  logSoftmax(this: Tensor, dim: number): Tensor {
    return logSoftmax(this, dim);
  },
  /** Adds the gradient of this tensor to the `grad` of every leaf it was computed from, and frees the graph. */
  backward(this: Tensor, gradient?: Tensor, options?: BackwardOptions): void {
    backward(this, gradient, options);
  },
};

export type TensorMethods = typeof methods;

for (const [name, value] of Object.entries(methods)) {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}
