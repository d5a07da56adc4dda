// Ops whose result has a size that depends on the elements, in function form. They read the elements: a BackendError where
// the backend cannot wait.

import { ArgumentError, DtypeError, ShapeError } from "../../../core/errors.ts";
import { broadcastShapes } from "../../../core/shape.ts";
import { ones, tensor, zeros } from "../../../tensor/creation.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { expand } from "../movement/movement.ts";
import { toFloat } from "../operands.ts";
import { at } from "./at.ts";
import { indexAdd } from "./indexing.ts";

export interface BincountOptions {
  /** Added up for each number instead of 1. */
  readonly weights?: Tensor;
  /** The result has at least this many entries. Default: 0. */
  readonly minlength?: number;
}

export interface UniqueOptions {
  /** Also give where each element of the input is among the values. */
  readonly returnInverse?: boolean;
  /** Also give how often each value occurs. */
  readonly returnCounts?: boolean;
}

/** What `unique` with options gives. */
export interface UniqueResult {
  readonly values: Tensor;
  /** int32, of the input's shape; undefined unless asked for. */
  readonly inverse: Tensor | undefined;
  /** int32, one for each value; undefined unless asked for. */
  readonly counts: Tensor | undefined;
}

/**
 * The elements where the mask is true, in one dimension. x and mask broadcast. Gradient: to the elements taken. Throws a
 * DtypeError for a mask that is not bool.
 *
 * @example
 * maskedSelect(tensor([1, 2, 3]), tensor([true, false, true])); // tensor([1., 3.])
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  if (mask.dtype !== "bool") {
    const hint = "Make one with a comparison: x.gt(0).";
    throw new DtypeError("maskedSelect", `the mask must be bool, got ${mask.dtype}`, [mask.dtype], hint);
  }
  const shape = broadcastShapes(x.shape, mask.shape);
  if (shape === undefined) {
    const hint = "Aligned at the last dimension, sizes must be equal or 1.";
    throw ShapeError.of("maskedSelect", "shapes do not broadcast", { input: x.shape, mask: mask.shape }, hint);
  }
  return scoped(() => {
    const elements = shape.length === 0 ? at(x, null) : expand(x, shape);
    return at(elements, shape.length === 0 ? at(mask, null) : expand(mask, shape));
  });
}

/**
 * How often each number from 0 on occurs in a vector of int32 (int32), or the sum of its weights (float32). Gradient: to
 * the weights. Throws an ArgumentError for negative numbers, a ShapeError for other ranks or weights that do not fit.
 *
 * @example
 * bincount(tensor([0, 2, 2], { dtype: "int32" })); // tensor([1, 0, 2])
 */
export function bincount(x: Tensor, { weights, minlength = 0 }: BincountOptions = {}): Tensor {
  if (x.dtype !== "int32") {
    const hint = 'Convert with .to("int32").';
    throw new DtypeError("bincount", `counts int32, got ${x.dtype}`, [x.dtype], hint);
  }
  if (x.ndim !== 1 || (weights !== undefined && (weights.ndim !== 1 || weights.numel !== x.numel))) {
    const shapes = { input: x.shape, ...(weights === undefined ? {} : { weights: weights.shape }) };
    throw ShapeError.of("bincount", "needs a vector, and as many weights", shapes, "flatten() makes a vector.");
  }
  const numbers = x.dataSync() as Int32Array;
  const least = numbers.reduce((smallest, value) => Math.min(smallest, value), 0);
  if (least < 0) throw new ArgumentError("bincount", `numbers must not be negative, got ${least}`, "Shift them first.");
  const length = numbers.reduce((most, value) => Math.max(most, value + 1), minlength);
  return scoped(() => {
    const each = weights === undefined ? ones(x.shape, { dtype: "int32", device: x.device }) : toFloat(weights);
    return indexAdd(zeros([length], { dtype: each.dtype, device: x.device }), 0, x, each);
  });
}

/**
 * The values that occur, in order, each once; NaN last and every one by itself. With options also where each element is
 * among them, and how often each occurs. No gradient.
 *
 * @example
 * unique(tensor([3, 1, 3])); // tensor([1., 3.])
 * unique(tensor([3, 1, 3]), { returnCounts: true }).counts; // tensor([1, 2])
 */
export function unique(x: Tensor): Tensor;
/** The values that occur, and what the options ask for. */
export function unique(x: Tensor, options: UniqueOptions): UniqueResult;
export function unique(x: Tensor, options?: UniqueOptions): Tensor | UniqueResult {
  const elements = x.dataSync();
  const places = Int32Array.from(elements, (_, i) => i).sort((i, j) => compare(elements[i]!, elements[j]!) || i - j);
  const values: number[] = [];
  const counts: number[] = [];
  const inverse = new Int32Array(elements.length);
  for (const place of places) {
    const value = elements[place]!;
    if (values.length === 0 || value !== values.at(-1)) {
      values.push(value);
      counts.push(0);
    }
    counts[counts.length - 1]!++;
    inverse[place] = values.length - 1;
  }
  const { dtype, device, shape } = x;
  const found = tensor(Float64Array.from(values), { dtype, device });
  if (options === undefined) return found;
  return {
    values: found,
    inverse: options.returnInverse === true ? tensor(inverse, { shape, device }) : undefined,
    counts: options.returnCounts === true ? tensor(Int32Array.from(counts), { device }) : undefined,
  };
}

/** Smaller first, NaN last. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
