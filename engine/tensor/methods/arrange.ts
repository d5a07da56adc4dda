// Methods of Tensor: pieces, arrangements, products, reading and writing by index. Thin calls of ops/functions, attached by
// ../methods.ts.

import * as indexing from "../../ops/functions/indexing/indexing.ts";
import * as selection from "../../ops/functions/indexing/selection.ts";
import * as arrange from "../../ops/functions/movement/arrange.ts";
import * as movement from "../../ops/functions/movement/movement.ts";
import type { Operand } from "../../ops/functions/operands.ts";
import * as products from "../../ops/functions/products/products.ts";
import type { Tensor } from "../tensor.ts";

/** Numbers one by one or as a list. */
type Listed = number[] | [readonly number[]];

const listed = (values: Listed): readonly number[] =>
  typeof values[0] === "object" ? values[0] : (values as readonly number[]);

function unique(this: Tensor): Tensor;
function unique(this: Tensor, options: selection.UniqueOptions): selection.UniqueResult;
function unique(this: Tensor, options?: selection.UniqueOptions): Tensor | selection.UniqueResult {
  return options === undefined ? selection.unique(this) : selection.unique(this, options);
}

export const arrangeMethods = {
  /** The values that occur, in order, each once. */
  unique,
  /** Pieces along `dim`: of one size, or of the listed sizes. */
  split(this: Tensor, size: number | readonly number[], dim?: number): Tensor[] {
    return arrange.split(this, size, dim);
  },
  /** At most `chunks` pieces of one size along `dim`. */
  chunk(this: Tensor, chunks: number, dim?: number): Tensor[] {
    return arrange.chunk(this, chunks, dim);
  },
  /** The entries along `dim`, each without that dimension. */
  unbind(this: Tensor, dim?: number): Tensor[] {
    return arrange.unbind(this, dim);
  },
  /** The elements of `dims` in reverse order. */
  flip(this: Tensor, dims?: number | readonly number[]): Tensor {
    return movement.flip(this, dims);
  },
  /** Moves the elements along `dims`; what leaves at the end comes back in front. */
  roll(this: Tensor, shifts: number | readonly number[], dims?: number | readonly number[]): Tensor {
    return arrange.roll(this, shifts, dims);
  },
  /** The tensor side by side: `repeat(2, 1)` or `repeat([2, 1])`. */
  repeat(this: Tensor, ...repeats: Listed): Tensor {
    return arrange.repeat(this, listed(repeats));
  },
  /** Every element `repeats` times in a row. */
  repeatInterleave(this: Tensor, repeats: number, dim?: number): Tensor {
    return arrange.repeatInterleave(this, repeats, dim);
  },
  /** Moves dimensions to other places. */
  movedim(this: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor {
    return arrange.movedim(this, source, destination);
  },
  /** The lower triangle of the last two dimensions. */
  tril(this: Tensor, diagonal?: number): Tensor {
    return arrange.tril(this, diagonal);
  },
  /** The upper triangle of the last two dimensions. */
  triu(this: Tensor, diagonal?: number): Tensor {
    return arrange.triu(this, diagonal);
  },
  /** A vector as a diagonal, or the diagonal of a matrix. */
  diag(this: Tensor, offset?: number): Tensor {
    return arrange.diag(this, offset);
  },
  /** The diagonal of two dimensions, as a new last one. */
  diagonal(this: Tensor, offset?: number, dim1?: number, dim2?: number): Tensor {
    return arrange.diagonal(this, offset, dim1, dim2);
  },
  /** Dimensions of size 1 repeated, as in a broadcast. */
  broadcastTo(this: Tensor, ...shape: Listed): Tensor {
    return arrange.broadcastTo(this, listed(shape));
  },
  /** Windows of `size` entries along `dim`, `step` apart, in a new last dimension. */
  unfold(this: Tensor, dim: number, size: number, step: number): Tensor {
    return arrange.unfold(this, dim, size, step);
  },
  /** The scalar product of two vectors. */
  dot(this: Tensor, other: Tensor): Tensor {
    return products.dot(this, other);
  },
  /** All products of the elements of two vectors. */
  outer(this: Tensor, other: Tensor): Tensor {
    return products.outer(this, other);
  },
  /** Matrix times vector. */
  mv(this: Tensor, vector: Tensor): Tensor {
    return products.mv(this, vector);
  },
  /** Matrices times matrices, one by one. */
  bmm(this: Tensor, other: Tensor): Tensor {
    return products.bmm(this, other);
  },
  /** Writes `source` where gather would read. */
  scatter(this: Tensor, dim: number, index: Tensor, source: Operand): Tensor {
    return indexing.scatter(this, dim, index, source);
  },
  /** Adds `source` where gather would read. */
  scatterAdd(this: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
    return indexing.scatterAdd(this, dim, index, source);
  },
  /** Adds the slices of `source` to the slices of `dim` that `index` lists. */
  indexAdd(this: Tensor, dim: number, index: Tensor | readonly number[], source: Tensor): Tensor {
    return indexing.indexAdd(this, dim, index, source);
  },
  /** The elements where the mask is true, in one dimension. */
  maskedSelect(this: Tensor, mask: Tensor): Tensor {
    return selection.maskedSelect(this, mask);
  },
  /** Where the elements that are not 0 are, a row of positions each. */
  nonzero(this: Tensor): Tensor {
    return indexing.nonzero(this);
  },
  /** How often each number from 0 on occurs. */
  bincount(this: Tensor, options?: selection.BincountOptions): Tensor {
    return selection.bincount(this, options);
  },
};
