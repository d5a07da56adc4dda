// Products of vectors and matrices of one given rank, in function form. All are matmul (or mul) with a check: where shapes
// broadcast by accident, these refuse.

import { ShapeError } from "../../../core/errors.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { unsqueeze } from "../movement/movement.ts";
import { mul } from "../pointwise/pointwise.ts";
import { sum } from "../reduction/reduction.ts";
import { matmul } from "./matmul.ts";

/**
 * The scalar product of two vectors, Σ aᵢbᵢ. Any numeric dtype. Gradient: b and a. Throws a ShapeError unless both are
 * vectors of one length.
 *
 * @example
 * dot(tensor([1, 2]), tensor([3, 4])); // tensor(11.)
 */
export function dot(lhs: Tensor, rhs: Tensor): Tensor {
  requireRanks("dot", lhs, 1, rhs, 1);
  if (lhs.numel !== rhs.numel) {
    throw ShapeError.of("dot", "lengths differ", { lhs: lhs.shape, rhs: rhs.shape }, "Every element needs a partner.");
  }
  return scoped(() => sum(mul(lhs, rhs)));
}

/**
 * All products of the elements of two vectors: n and m give n × m. Any numeric dtype. Gradient: sums over the other
 * vector. Throws a ShapeError unless both are vectors.
 *
 * @example
 * outer(tensor([1, 2]), tensor([3, 4])).flatten(); // tensor([3., 4., 6., 8.])
 */
export function outer(lhs: Tensor, rhs: Tensor): Tensor {
  requireRanks("outer", lhs, 1, rhs, 1);
  return scoped(() => mul(unsqueeze(lhs, 1), rhs));
}

/**
 * Matrix n × m times vector m, giving n. float32. Gradient: as for matmul. Throws a ShapeError where ranks or sizes do not
 * fit.
 *
 * @example
 * mv(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // tensor([3., 7.])
 */
export function mv(matrix: Tensor, vector: Tensor): Tensor {
  requireRanks("mv", matrix, 2, vector, 1);
  return matmul(matrix, vector);
}

/**
 * Matrices times matrices, one by one: b × n × m and b × m × p give b × n × p. float32. Gradient: as for matmul. Throws a
 * ShapeError unless both have three dimensions and as many matrices.
 *
 * @example
 * bmm(ones([2, 1, 3]), ones([2, 3, 4])).shape; // [2, 1, 4]
 */
export function bmm(lhs: Tensor, rhs: Tensor): Tensor {
  requireRanks("bmm", lhs, 3, rhs, 3);
  if (lhs.shape[0] !== rhs.shape[0]) {
    const shapes = { lhs: lhs.shape, rhs: rhs.shape };
    throw ShapeError.of("bmm", "numbers of matrices differ", shapes, "matmul broadcasts them.");
  }
  return matmul(lhs, rhs);
}

function requireRanks(op: string, lhs: Tensor, left: number, rhs: Tensor, right: number): void {
  if (lhs.ndim === left && rhs.ndim === right) return;
  const problem = `needs ${left} and ${right} dimensions`;
  throw ShapeError.of(op, problem, { lhs: lhs.shape, rhs: rhs.shape }, "matmul takes any number of them.");
}
