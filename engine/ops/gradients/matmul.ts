// Gradients of the matrix product. With C = A·B they are G·Bᵀ and Aᵀ·G; transposed operands only move the flags.

import { matmul } from "../functions/products/matmul.ts";
import { sum } from "../functions/reduction/reduction.ts";
import { beforeActivation } from "./activation.ts";
import type { RuleTable } from "./rule.ts";

export const matmulGradients = {
  matmul: ({ grad, inputs: [lhs, rhs], params: { transposeLhs, transposeRhs } }) => [
    () =>
      transposeLhs
        ? matmul(rhs, grad, { transposeLhs: transposeRhs, transposeRhs: true })
        : matmul(grad, rhs, { transposeRhs: !transposeRhs }),
    () =>
      transposeRhs
        ? matmul(grad, lhs, { transposeLhs: true, transposeRhs: transposeLhs })
        : matmul(lhs, grad, { transposeLhs: !transposeLhs }),
  ],
  linear: ({ inputs: [x, weight], ...result }) => {
    const grad = beforeActivation(result);
    return [() => matmul(grad(), weight), () => matmul(grad(), x, { transposeLhs: true }), () => sum(grad(), 0)];
  },
} satisfies Partial<RuleTable>;
