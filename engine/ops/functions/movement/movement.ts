// The same elements in another shape, order or company, in function form.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import { isContiguous } from "../../../core/layout.ts";
import { type Shape, sameShape, sizeOf } from "../../../core/shape.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { indexSelect } from "../indexing/indexing.ts";
import { dimOf, dimsOf, meet } from "../operands.ts";

export interface PadOptions {
  /** `reflect` mirrors without repeating the edge, `replicate` repeats it, `circular` wraps. Default: `constant`. */
  readonly mode?: "constant" | "reflect" | "replicate" | "circular";
  /** For mode `constant`. Default: 0. */
  readonly value?: number;
}

/**
 * The same elements row by row in memory: x itself if they lie so already, else a copy. Gradient: 1.
 *
 * @example
 * contiguous(tensor([[1, 2], [3, 4]]).t()).strides; // [2, 1]
 */
export function contiguous(x: Tensor): Tensor {
  return isContiguous(x) ? x : dispatch("contiguous", [x], {});
}

/**
 * Another shape for the same elements in the same order, shared where their layout allows it. One size may be -1 and
 * is computed. Any dtype. Gradient: in x's shape. Throws a ShapeError unless the elements fill the shape.
 *
 * @example
 * reshape(tensor([1, 2, 3, 4]), [2, -1]).shape; // [2, 2]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const unknown = shape.indexOf(-1);
  if (unknown < 0) return dispatch("reshape", [x], { shape: [...shape] });
  const known = shape.reduce((product, size, dim) => (dim === unknown ? product : product * size), 1);
  const rest = known === 0 ? 0 : Math.floor(x.numel / known);
  return dispatch("reshape", [x], { shape: shape.map((size, dim) => (dim === unknown ? rest : size)) });
}

/**
 * Reorders the dimensions: dimension i of the result is dimension `dims[i]` of x. A view. Gradient: ordered back.
 * Throws a ShapeError unless every dimension is named once.
 *
 * @example
 * permute(zeros([2, 3, 4]), [2, 0, 1]).shape; // [4, 2, 3]
 */
export function permute(x: Tensor, dims: readonly number[]): Tensor {
  const resolved = dims.map((dim) => dimOf("permute", dim, x.shape));
  if (resolved.length !== x.ndim || new Set(resolved).size !== x.ndim) {
    throw ShapeError.of(
      "permute",
      `[${dims.join(", ")}] does not name every dimension once`,
      { input: x.shape },
      `Name 0 to ${x.ndim - 1} in the order that you want.`,
    );
  }
  return dispatch("permute", [x], { dims: resolved });
}

/**
 * Swaps two dimensions. A view. Gradient: swapped back. Throws a ShapeError for dimensions out of range.
 *
 * @example
 * transpose(tensor([[1, 2], [3, 4]]), 0, 1).flatten(); // tensor([1., 3., 2., 4.])
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const [a, b] = [dimOf("transpose", dim0, x.shape), dimOf("transpose", dim1, x.shape)];
  return permute(
    x,
    x.shape.map((_, dim) => (dim === a ? b : dim === b ? a : dim)),
  );
}

/**
 * Repeats dimensions of size 1, and adds dimensions in front; -1 keeps a size. A view. Gradient: the sum over the
 * repetitions. Throws a ShapeError for other sizes.
 *
 * @example
 * expand(tensor([[1], [2]]), [2, 3]).flatten(); // tensor([1., 1., 1., 2., 2., 2.])
 */
export function expand(x: Tensor, shape: Shape): Tensor {
  const missing = shape.length - x.ndim;
  const target = shape.map((size, dim) => (size === -1 ? (x.shape[dim - missing] ?? -1) : size));
  return sameShape(target, x.shape) ? x : dispatch("expand", [x], { shape: target });
}

/**
 * Joins the dimensions from `startDim` to `endDim` into one; a scalar becomes a vector. Gradient: in x's shape. Throws
 * a ShapeError for dimensions out of range.
 *
 * @example
 * flatten(zeros([2, 3, 4]), 1).shape; // [2, 12]
 */
export function flatten(x: Tensor, startDim = 0, endDim = -1): Tensor {
  if (x.ndim === 0) return reshape(x, [1]);
  const [start, end] = [dimOf("flatten", startDim, x.shape), dimOf("flatten", endDim, x.shape)];
  const joined = sizeOf(x.shape.slice(start, end + 1));
  return reshape(x, [...x.shape.slice(0, start), joined, ...x.shape.slice(end + 1)]);
}

/**
 * Inserts a dimension of size 1 at `dim`. A view. Gradient: without it. Throws a ShapeError for a place out of range.
 *
 * @example
 * unsqueeze(zeros([2, 3]), -1).shape; // [2, 3, 1]
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  const at = dimOf("unsqueeze", dim, [...x.shape, 1]);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/**
 * Drops dimension `dim` if its size is 1, or all dimensions of size 1. A view. Gradient: with them. Throws a
 * ShapeError for a dimension out of range.
 *
 * @example
 * squeeze(zeros([1, 3, 1])).shape; // [3]
 * squeeze(zeros([1, 3, 1]), 0).shape; // [3, 1]
 */
export function squeeze(x: Tensor, dim?: number): Tensor {
  const only = dim === undefined ? undefined : dimOf("squeeze", dim, x.shape);
  return reshape(
    x,
    x.shape.filter((size, d) => size !== 1 || (only !== undefined && d !== only)),
  );
}

/**
 * The elements of `dims` (one or several; all by default) in reverse order. Any dtype; the shape stays. Gradient: flipped
 * back. Throws a ShapeError for a dimension that is out of range or named twice.
 *
 * @example
 * flip(tensor([1, 2, 3])); // tensor([3., 2., 1.])
 */
export function flip(x: Tensor, dims?: number | readonly number[]): Tensor {
  return dispatch("flip", [x], { dims: dimsOf("flip", dims, x.shape) });
}

/**
 * `length` entries along `dim` from `start` on; a negative start counts from the end. A view. Gradient: zeros around
 * it. Throws a ShapeError where they leave the dimension.
 *
 * @example
 * narrow(tensor([1, 2, 3, 4]), 0, 1, 2); // tensor([2., 3.])
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const along = dimOf("narrow", dim, x.shape);
  const first = start < 0 ? start + (x.shape[along] ?? 0) : start;
  return dispatch("slice", [x], { dim: along, start: first, length, step: 1 });
}

/**
 * Entry `index` along `dim`, without that dimension; -1 is the last. A view. Gradient: zeros beside it. Throws a
 * ShapeError for an index out of range.
 *
 * @example
 * select(tensor([[1, 2], [3, 4]]), 1, -1); // tensor([2., 4.])
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  const along = dimOf("select", dim, x.shape);
  const one = narrow(x, along, index, 1);
  return reshape(
    one,
    x.shape.filter((_, d) => d !== along),
  );
}

/**
 * Adds elements around the last dimensions: a constant (a number is short for `{ value }`), or the input's own, mirrored,
 * repeated or from the other side. `padding` lists [before, after] from the last dimension backwards, flat:
 * `[left, right, top, bottom]`; of a constant, negative numbers cut. Any dtype. Gradient: from every element back to where
 * it was taken. Throws a ShapeError where `reflect` or `circular` needs more elements than there are.
 *
 * @example
 * nn.functional.pad(tensor([1, 2, 3]), [1, 2]); // tensor([0., 1., 2., 3., 0., 0.])
 * nn.functional.pad(tensor([1, 2, 3]), [1, 2], { mode: "reflect" }); // tensor([2., 1., 2., 3., 2., 1.])
 */
export function pad(x: Tensor, padding: readonly number[], options: number | PadOptions = {}): Tensor {
  const { mode = "constant", value = 0 } = typeof options === "number" ? { value: options } : options;
  if (padding.length % 2 !== 0 || padding.length > 2 * x.ndim) {
    const hint = "List [before, after] from the last dimension backwards.";
    const problem = `padding [${padding.join(", ")}] needs two numbers a dimension`;
    throw ShapeError.of("pad", problem, { input: x.shape }, hint);
  }
  const pairs = x.shape.map((_, dim) => {
    const at = 2 * (x.ndim - 1 - dim);
    return [padding[at] ?? 0, padding[at + 1] ?? 0] as const;
  });
  if (mode === "constant") return padded(x, pairs, value);
  if (!["reflect", "replicate", "circular"].includes(mode)) {
    throw new ArgumentError("pad", `mode "${mode}" is not known`, "Use constant, reflect, replicate or circular.");
  }
  return pairs.reduce((sofar, [before, after], dim) => {
    if (before === 0 && after === 0) return sofar;
    return indexSelect(sofar, dim, sourcesOf(x, dim, { before, after, mode }));
  }, x);
}

/** Negative padding cuts, the rest is filled. */
function padded(x: Tensor, pairs: readonly (readonly [number, number])[], value: number): Tensor {
  if (pairs.every(([before, after]) => before >= 0 && after >= 0))
    return dispatch("pad", [x], { padding: pairs, value });
  return scoped(() => {
    const cut = pairs.reduce((rest, [before, after], dim) => {
      const start = Math.max(-before, 0);
      const length = x.shape[dim]! - start - Math.max(-after, 0);
      if (length >= 0) return narrow(rest, dim, start, length);
      const problem = `padding [${before}, ${after}] cuts off more than dimension ${dim} has`;
      throw ShapeError.of("pad", problem, { input: x.shape }, "Negative padding cuts.");
    }, x);
    const padding = pairs.map(([before, after]) => [Math.max(before, 0), Math.max(after, 0)] as const);
    return dispatch("pad", [cut], { padding, value });
  });
}

interface Margins {
  readonly before: number;
  readonly after: number;
  readonly mode: Exclude<PadOptions["mode"], undefined>;
}

/** For every entry of a padded dimension, the one to take. */
function sourcesOf(x: Tensor, dim: number, { before, after, mode }: Margins): number[] {
  const length = x.shape[dim]!;
  const most = mode === "reflect" ? length - 1 : mode === "circular" ? length : length === 0 ? 0 : Infinity;
  if (before < 0 || after < 0 || Math.max(before, after) > most) {
    const problem = `${mode} padding [${before}, ${after}] must be from 0 to ${most} along dimension ${dim}`;
    throw ShapeError.of("pad", problem, { input: x.shape }, "It takes its elements from the input; narrow cuts.");
  }
  return Array.from({ length: before + length + after }, (_, i) => {
    const place = i - before;
    if (mode === "circular") return (place + length) % length;
    if (mode === "replicate") return Math.min(Math.max(place, 0), length - 1);
    return length - 1 - Math.abs(length - 1 - Math.abs(place));
  });
}

/**
 * Joins tensors along an existing dimension; dtypes meet. Gradient: each its part. Throws a ShapeError where other
 * sizes differ.
 *
 * @example
 * cat([tensor([1, 2]), tensor([3])]); // tensor([1., 2., 3.])
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("cat", "needs at least one tensor", [], "The list is empty.");
  if (first.ndim === 0) throw ShapeError.of("cat", "scalars have no dimension to join", { first: [] }, "Use stack.");
  const widest = tensors.reduce((widest, tensor) => meet(widest, tensor)[0], first);
  const same = tensors.map((tensor) => meet(tensor, widest)[0]);
  return dispatch("cat", same, { dim: dimOf("cat", dim, first.shape) });
}

/**
 * Joins tensors of one shape along a new dimension; dtypes meet. Gradient: each its part. Throws a ShapeError where
 * shapes differ.
 *
 * @example
 * stack([tensor([1, 2]), tensor([3, 4])], 1).flatten(); // tensor([1., 3., 2., 4.])
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("stack", "needs at least one tensor", [], "The list is empty.");
  for (const { shape } of tensors) {
    if (!sameShape(shape, first.shape))
      throw ShapeError.of(
        "stack",
        "shapes differ",
        { first: first.shape, other: shape },
        "cat joins tensors of different length.",
      );
  }
  const at = dimOf("stack", dim, [...first.shape, 1]);
  return cat(
    tensors.map((tensor) => unsqueeze(tensor, at)),
    at,
  );
}
