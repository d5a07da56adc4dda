// CPU kernel of matmul: batches of matrix products, batch dimensions broadcast.

import type { TypedArray } from "../../core/dtype.ts";
import type { KernelTable, Operand } from "../backend.ts";
import { gemm, type Matrix, Workspace } from "./gemm.ts";
import { eachRun } from "./runs.ts";

export const matmulKernels = {
  matmul: ([lhs, rhs], y, { transposeLhs, transposeRhs }) => {
    const [m, n] = [y.shape.at(-2)!, y.shape.at(-1)!];
    const k = lhs.shape.at(transposeLhs ? -2 : -1)!;
    const workspace = new Workspace();
    const batch = y.shape.slice(0, -2);
    eachRun(batch, [lhs.shape.slice(0, -2), rhs.shape.slice(0, -2)], (count, start, [a, b], [aStep, bStep]) => {
      for (let i = 0; i < count; i++) {
        gemm(
          { m, n, k },
          matrixOf(lhs, a! + i * aStep!, transposeLhs),
          matrixOf(rhs, b! + i * bStep!, transposeRhs),
          { values: y.buffer, offset: (start + i) * m * n, accumulate: false },
          workspace,
        );
      }
    });
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** The `index`-th matrix of a stack, seen as its transpose if asked. */
function matrixOf({ shape, buffer }: Operand<TypedArray>, index: number, transpose: boolean): Matrix {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return {
    values: buffer,
    offset: index * rows * columns,
    rowStride: transpose ? 1 : columns,
    columnStride: transpose ? columns : 1,
  };
}
