// The matrix product, in function form.

import { ShapeError } from "../../../core/errors.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import type { MatmulParams } from "../../table.ts";
import { reshape, unsqueeze } from "../movement/movement.ts";

/**
 * Matrix product of the last two dimensions; dimensions before them broadcast. A vector on the left is a row, on the
 * right a column, and the result has no dimension for it: two vectors give their dot product. `transposeLhs` and
 * `transposeRhs` take a matrix transposed, without a copy. float32, sums in blocks. Gradient: G·Bᵀ and Aᵀ·G. Throws a
 * ShapeError where inner sizes differ.
 *
 * @example
 * matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1])); // tensor([3., 7.])
 */
export function matmul(lhs: Tensor, rhs: Tensor, options: Partial<MatmulParams> = {}): Tensor {
  const { transposeLhs = false, transposeRhs = false } = options;
  if (lhs.ndim === 0 || rhs.ndim === 0) {
    const shapes = { lhs: lhs.shape, rhs: rhs.shape };
    throw ShapeError.of("matmul", "needs at least one dimension on both sides", shapes, "Use mul for scalars.");
  }
  const left = lhs.ndim === 1 ? unsqueeze(lhs, 0) : lhs;
  const right = rhs.ndim === 1 ? unsqueeze(rhs, 1) : rhs;
  const product = dispatch("matmul", [left, right], { transposeLhs, transposeRhs });
  if (lhs.ndim > 1 && rhs.ndim > 1) return product;
  const shape = [...product.shape];
  if (rhs.ndim === 1) shape.splice(-1, 1);
  if (lhs.ndim === 1) shape.splice(rhs.ndim === 1 ? -1 : -2, 1);
  return reshape(product, shape);
}
