// All kernels of the GPU, put together from their families.

import { BackendError } from "../../../core/errors.ts";
import type { ComputedOp, KernelTable, UpdateKernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { indexingKernels, stridedIndexing } from "./indexing.ts";
import { lossKernels } from "./losses.ts";
import { matmulKernels, stridedMatmul } from "./matmul.ts";
import { movementKernels, stridedMovement } from "./movement.ts";
import { normalizationKernels } from "./normalization.ts";
import { orderKernels } from "./order.ts";
import { pointwiseKernels, stridedPointwise } from "./pointwise.ts";
import { recurrentKernels } from "./recurrent.ts";
import { reductionKernels, stridedReductions } from "./reduction.ts";
import { softmaxKernels } from "./softmax.ts";
import { updateKernels } from "./updates.ts";

export interface GpuKernels {
  readonly ops: KernelTable<GpuBuffer>;
  readonly updates: UpdateKernelTable<GpuBuffer>;
}

/** Ops whose kernels read operands of any layout. */
export const stridedOps: ReadonlySet<ComputedOp> = new Set([
  ...stridedPointwise,
  ...stridedMovement,
  ...stridedReductions,
  ...stridedMatmul,
  ...stridedIndexing,
]);

export function gpuKernels(gpu: Gpu): GpuKernels {
  const families = {
    ...pointwiseKernels(gpu),
    ...movementKernels(gpu),
    ...reductionKernels(gpu),
    ...matmulKernels(gpu),
    ...softmaxKernels(gpu),
    ...orderKernels(gpu),
    ...indexingKernels(gpu),
    ...lossKernels(gpu),
    ...normalizationKernels(gpu),
    ...recurrentKernels(gpu),
  };
  // Temporary, until the last family is there: then the table is `families satisfies KernelTable<GpuBuffer>`.
  const ops = new Proxy(families, {
    get(table, op) {
      if (op in table) return table[op as keyof typeof table];
      throw new BackendError(String(op), "there is no kernel for the GPU yet");
    },
  }) as unknown as KernelTable<GpuBuffer>;
  return { ops, updates: updateKernels(gpu) };
}
