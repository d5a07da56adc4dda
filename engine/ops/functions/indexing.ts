// Reading and writing by index, in function form. Indices are int32.

import { stridesOf } from "../../core/shape.ts";
import { full, tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import { dimOf, type Operand } from "./operands.ts";

/** Picks along `dim` one element per entry of `index`: out[i][j] = x[index[i][j]][j] for dim 0. */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  return dispatch("gather", [x, index], { dim: dimOf("gather", dim, x.shape) });
}

/** Adds `source` where gather would read: out[index[i][j]][j] += source[i][j] for dim 0, on top of x. */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return dispatch("scatterAdd", [x, index, source], { dim: dimOf("scatterAdd", dim, x.shape) });
}

/**
 * Writes `source` (a tensor of index's shape, or one number) where gather would read: out[index[i][j]][j] = source[i][j]
 * for dim 0, x elsewhere. Of several for one place the last wins. The dtype of x stays. Gradient: to x where nothing was
 * written, to the source where it won. Throws a ShapeError where index or source do not fit.
 *
 * @example
 * scatter(zeros([3]), 0, tensor([2, 0], { dtype: "int32" }), tensor([5, 7])); // tensor([7., 0., 5.])
 */
export function scatter(x: Tensor, dim: number, index: Tensor, source: Operand): Tensor {
  const values = typeof source === "object" ? source : full(index.shape, source, { dtype: x.dtype });
  return dispatch("scatter", [x, index, values], { dim: dimOf("scatter", dim, x.shape) });
}

/**
 * Where the elements that are not 0 are: one row of positions each, int32 [n, dimensions], row by row. No gradient. Reads
 * the elements: throws a BackendError where the backend cannot wait.
 *
 * @example
 * nonzero(tensor([0, 5, 7])).flatten(); // tensor([1, 2])
 */
export function nonzero(x: Tensor): Tensor {
  const flat = Array.from(x.dataSync()).flatMap((value, i) => (value === 0 ? [] : [i]));
  const strides = stridesOf(x.shape);
  const places = flat.flatMap((i) => strides.map((stride, dim) => Math.floor(i / stride) % x.shape[dim]!));
  return tensor(Int32Array.from(places), { shape: [flat.length, x.ndim] });
}

/** The slices of `dim` that `index` lists, in that order. */
export function indexSelect(x: Tensor, dim: number, index: Tensor | readonly number[]): Tensor {
  return dispatch("indexSelect", [x, listOf(index)], { dim: dimOf("indexSelect", dim, x.shape) });
}

/** Adds the slices of `source` to the slices of `dim` that `index` lists. */
export function indexAdd(x: Tensor, dim: number, index: Tensor | readonly number[], source: Tensor): Tensor {
  return dispatch("indexAdd", [x, listOf(index), source], { dim: dimOf("indexAdd", dim, x.shape) });
}

/** Class numbers as rows with one 1, int32. `classes` defaults to the largest number + 1, which reads the elements. */
export function oneHot(index: Tensor, classes?: number): Tensor {
  const count = classes ?? 1 + Array.from(index.dataSync()).reduce((largest, value) => Math.max(largest, value), -1);
  return dispatch("oneHot", [index], { classes: count });
}

function listOf(index: Tensor | readonly number[]): Tensor {
  return Array.isArray(index) ? tensor(index as readonly number[], { dtype: "int32" }) : (index as Tensor);
}
