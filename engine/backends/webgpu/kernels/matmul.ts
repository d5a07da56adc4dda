// Products of matrices and batches of them, and linear layers: one tiled kernel, see ../matmul/product.ts. Operands may have any
// layout; transposed ones are other strides.

import type { KernelTable, Operand } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import { type Matrices, multiply } from "../matmul/product.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";

export const stridedMatmul = ["matmul", "linear"] as const;

export const matmulKernels = (gpu: Gpu) =>
  ({
    matmul: ([lhs, rhs], y, { transposeLhs, transposeRhs }) => {
      const [rows, columns] = [y.shape.at(-2)!, y.shape.at(-1)!];
      const inner = lhs.shape.at(transposeLhs ? -2 : -1)!;
      const batch = y.shape.slice(0, -2);
      multiply(gpu, { batch, rows, columns, inner }, matricesOf(lhs, transposeLhs), matricesOf(rhs, transposeRhs), y);
    },
    linear: ([x, weight, bias], y, { activation }) => {
      const [rows, columns] = y.shape as [number, number];
      const sizes = { batch: [], rows, columns, inner: x.shape[1]! };
      multiply(gpu, sizes, matricesOf(x, false), matricesOf(weight, true), y, { bias, activation });
    },
  }) satisfies Partial<KernelTable<GpuBuffer>>;

/** The last two dimensions as matrices, seen as their transposes if asked. */
function matricesOf({ buffer, shape, strides, offset }: Operand<GpuBuffer>, transpose: boolean): Matrices {
  return {
    buffer,
    rowStride: strides.at(transpose ? -1 : -2)!,
    columnStride: strides.at(transpose ? -2 : -1)!,
    stack: { shape: shape.slice(0, -2), strides: strides.slice(0, -2), offset },
  };
}
