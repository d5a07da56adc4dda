// Reading and writing by index, in function form. Indices are int32.

import { stridesOf } from "../../../core/shape.ts";
import { full, tensor } from "../../../tensor/creation.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { dimOf, type Operand } from "../operands.ts";

/**
 * Picks along `dim` one element per entry of `index`: out[i][j] = x[index[i][j]][j] for dim 0. The result has the
 * shape of the index, which is int32 and elsewhere no larger than x. Gradient: scatterAdd. Throws a ShapeError where
 * the index does not fit or is out of range.
 *
 * @example
 * gather(tensor([[1, 2], [3, 4]]), 1, tensor([[0], [1]], { dtype: "int32" })).flatten(); // tensor([1., 4.])
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  return dispatch("gather", [x, index], { dim: dimOf("gather", dim, x.shape) });
}

/**
 * Adds `source` where gather would read: out[index[i][j]][j] += source[i][j] for dim 0, on top of x. Index and source
 * have one shape. Gradient: 1 for x, gather for the source. Throws a ShapeError where the index does not fit or is out
 * of range.
 *
 * @example
 * scatterAdd(zeros([3]), 0, tensor([2, 0, 2], { dtype: "int32" }), tensor([1, 2, 3])); // tensor([2., 0., 4.])
 */
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
  const values = typeof source === "object" ? source : full(index.shape, source, { dtype: x.dtype, device: x.device });
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
  return tensor(Int32Array.from(places), { shape: [flat.length, x.ndim], device: x.device });
}

/**
 * The slices of `dim` that `index` (a list, or a vector of int32) names, in that order. Gradient: indexAdd. Throws a
 * ShapeError for positions out of range.
 *
 * @example
 * indexSelect(tensor([[1, 2], [3, 4]]), 0, [1, 1]).flatten(); // tensor([3., 4., 3., 4.])
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor | readonly number[]): Tensor {
  return dispatch("indexSelect", [x, listOf(index, x)], { dim: dimOf("indexSelect", dim, x.shape) });
}

/**
 * Adds the slices of `source` to the slices of `dim` that `index` names. Gradient: 1 for x, indexSelect for the
 * source. Throws a ShapeError where the source does not fit and for positions out of range.
 *
 * @example
 * indexAdd(zeros([3]), 0, [2, 2], tensor([1, 5])); // tensor([0., 0., 6.])
 */
export function indexAdd(x: Tensor, dim: number, index: Tensor | readonly number[], source: Tensor): Tensor {
  return dispatch("indexAdd", [x, listOf(index, x), source], { dim: dimOf("indexAdd", dim, x.shape) });
}

/**
 * Class numbers (int32) as rows with one 1, int32: shape … becomes … × classes. `classes` defaults to the largest
 * number + 1, which reads the elements. No gradient. Throws a ShapeError for numbers out of range.
 *
 * @example
 * nn.functional.oneHot(tensor([2, 0], { dtype: "int32" })).flatten(); // tensor([0, 0, 1, 1, 0, 0])
 */
export function oneHot(index: Tensor, classes?: number): Tensor {
  const count = classes ?? 1 + Array.from(index.dataSync()).reduce((largest, value) => Math.max(largest, value), -1);
  return dispatch("oneHot", [index], { classes: count });
}

function listOf(index: Tensor | readonly number[], { device }: Tensor): Tensor {
  return Array.isArray(index) ? tensor(index as readonly number[], { dtype: "int32", device }) : (index as Tensor);
}
