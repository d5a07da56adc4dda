// All kernels of the GPU, put together from their families.

import { BackendError } from "../../../core/errors.ts";
import type { ComputedOp, KernelTable, UpdateKernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { convolutionKernels } from "./convolution/convolution.ts";
import { movementKernels, stridedMovement } from "./movement.ts";
import { pointwiseKernels, stridedPointwise } from "./pointwise.ts";
import { poolingKernels } from "./pooling.ts";
import { resizeKernels } from "./resize.ts";

export interface GpuKernels {
  readonly ops: KernelTable<GpuBuffer>;
  readonly updates: UpdateKernelTable<GpuBuffer>;
}

/** Ops whose kernels read operands of any layout. */
export const stridedOps: ReadonlySet<ComputedOp> = new Set([...stridedPointwise, ...stridedMovement]);

export function gpuKernels(gpu: Gpu): GpuKernels {
  const families = {
    ...pointwiseKernels(gpu),
    ...movementKernels(gpu),
    ...convolutionKernels(gpu),
    ...poolingKernels(gpu),
    ...resizeKernels(gpu),
  };
  // Temporary, until the last family is there: then the table is `families satisfies KernelTable<GpuBuffer>`.
  const ops = new Proxy(families, {
    get(table, op) {
      if (op in table) return table[op as keyof typeof table];
      throw new BackendError(String(op), "there is no kernel for the GPU yet");
    },
  }) as unknown as KernelTable<GpuBuffer>;
  return { ops, updates: {} as UpdateKernelTable<GpuBuffer> };
}
