// CPU kernel of matmul: batches of matrix products, batch dimensions broadcast.

import type { TypedArray } from "../../core/dtype.ts";
import type { Layout } from "../../core/layout.ts";
import type { KernelTable, Operand } from "../backend.ts";
import { activate } from "./activate.ts";
import { gemm, type Matrix, Workspace } from "./gemm.ts";
import { eachRun } from "./runs.ts";

export const matmulKernels = {
  matmul: ([lhs, rhs], y, { transposeLhs, transposeRhs }) => {
    const [m, n] = [y.shape.at(-2)!, y.shape.at(-1)!];
    const k = lhs.shape.at(transposeLhs ? -2 : -1)!;
    const workspace = new Workspace();
    const batch = y.shape.slice(0, -2);
    eachRun(batch, [stackOf(lhs), stackOf(rhs)], (count, start, [a, b], [aStep, bStep]) => {
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
  linear: ([x, weight, bias], y, { activation }) => {
    const [m, n] = y.shape as [number, number];
    gemm(
      { m, n, k: x.shape[1]! },
      matrixOf(x, x.offset, false),
      matrixOf(weight, weight.offset, true),
      { values: y.buffer, offset: 0, accumulate: false },
      new Workspace(),
    );
    for (let i = 0; bias !== undefined && i < m; i++)
      for (let j = 0; j < n; j++) y.buffer[i * n + j]! += bias.buffer[bias.offset + j * bias.strides[0]!]!;
    activate(y, activation);
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** Where the matrices of an operand start. */
function stackOf({ shape, strides, offset }: Operand<TypedArray>): Layout {
  return { shape: shape.slice(0, -2), strides: strides.slice(0, -2), offset };
}

/** The matrix that starts at `offset`, seen as its transpose if asked. */
function matrixOf({ strides, buffer }: Operand<TypedArray>, offset: number, transpose: boolean): Matrix {
  const [rowStride, columnStride] = [strides.at(transpose ? -1 : -2)!, strides.at(transpose ? -2 : -1)!];
  return { values: buffer, offset, rowStride, columnStride };
}
