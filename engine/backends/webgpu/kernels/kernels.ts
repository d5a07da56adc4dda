// All kernels of the GPU, put together from their families.

import type { ComputedOp, KernelTable, UpdateKernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { convolutionKernels } from "./convolution/convolution.ts";
import { indexingKernels, stridedIndexing } from "./indexing.ts";
import { lossKernels } from "./losses.ts";
import { matmulKernels, stridedMatmul } from "./matmul.ts";
import { movementKernels, stridedMovement } from "./movement.ts";
import { normalizationKernels } from "./normalization.ts";
import { orderKernels } from "./order.ts";
import { pointwiseKernels, stridedPointwise } from "./pointwise.ts";
import { poolingKernels } from "./pooling.ts";
import { recurrentKernels } from "./recurrent.ts";
import { reductionKernels, stridedReductions } from "./reduction.ts";
import { resizeKernels } from "./resize.ts";
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
  return {
    ops: {
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
      ...convolutionKernels(gpu),
      ...poolingKernels(gpu),
      ...resizeKernels(gpu),
    },
    updates: updateKernels(gpu),
  };
}
