// Reading and writing by index, in function form. Indices are int32.

import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import { dimOf } from "./operands.ts";

/** Picks along `dim` one element per entry of `index`: out[i][j] = x[index[i][j]][j] for dim 0. */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  return dispatch("gather", [x, index], { dim: dimOf("gather", dim, x.shape) });
}

/** Adds `source` where gather would read: out[index[i][j]][j] += source[i][j] for dim 0, on top of x. */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  return dispatch("scatterAdd", [x, index, source], { dim: dimOf("scatterAdd", dim, x.shape) });
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
