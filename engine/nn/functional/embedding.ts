// Rows of a table by number.

import { ShapeError } from "../../core/errors.ts";
import { indexSelect } from "../../ops/functions/indexing/indexing.ts";
import { reshape, unsqueeze } from "../../ops/functions/movement/movement.ts";
import { eq, where } from "../../ops/functions/pointwise/pointwise.ts";
import { enterScope, scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { requireInt32 } from "./checks.ts";

export interface EmbeddingOptions {
  /** Number whose row gets no gradient; negative counts from the end. Default: none. */
  readonly paddingIdx?: number;
}

/**
 * The rows of `weight` [numbers, features] that `index` names: int32 of any shape … → … × features. Gradient: what
 * arrives at each row, added up. Throws a DtypeError unless the index is int32, a ShapeError for numbers without a row.
 *
 * @example
 * nn.functional.embedding(tensor([2, 0], { dtype: "int32" }), tensor([[1], [2], [3]])).flatten(); // tensor([3., 1.])
 */
export function embedding(index: Tensor, weight: Tensor, { paddingIdx }: EmbeddingOptions = {}): Tensor {
  requireInt32("embedding", "index", index);
  const [count, features] = weight.shape as [number, number];
  return scoped(() => {
    const rows = reshape(rowsOf(weight, reshape(index, [-1]), count), [...index.shape, features]);
    if (paddingIdx === undefined) return rows;
    const isPadding = unsqueeze(eq(index, paddingIdx < 0 ? paddingIdx + count : paddingIdx), -1);
    return where(isPadding, enterScope(rows.detach()), rows);
  });
}

function rowsOf(weight: Tensor, index: Tensor, count: number): Tensor {
  try {
    return indexSelect(weight, 0, index);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const problem = `an index is out of range, the table has ${count} rows (0 … ${count - 1})`;
    throw ShapeError.of("embedding", problem, { weight: weight.shape }, error.message);
  }
}
