// The ops and optimiser steps that run as generated kernels, by family. All other ops run as the plain kernels of ../../cpu.

import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import type { Runtime } from "../runtime.ts";
import { convolutionKernels } from "./convolution.ts";
import { indexingKernels } from "./indexing.ts";
import { lossKernels } from "./losses.ts";
import { matmulKernels } from "./matmul.ts";
import { movementKernels } from "./movement.ts";
import { normalizationKernels } from "./normalization.ts";
import { pointwiseKernels } from "./pointwise.ts";
import { poolingKernels } from "./pooling.ts";
import { recurrentKernels } from "./recurrent.ts";
import { reductionKernels } from "./reduction.ts";
import { softmaxKernels } from "./softmax.ts";
import { type RunUpdate, updater } from "./updates.ts";

export interface FastKernels {
  readonly ops: Partial<KernelTable<HeapBuffer>>;
  readonly update: RunUpdate;
}

export function fastKernels(runtime: Runtime): FastKernels {
  const ops = {
    ...pointwiseKernels(runtime),
    ...movementKernels(runtime),
    ...indexingKernels(runtime),
    ...reductionKernels(runtime),
    ...matmulKernels(runtime),
    ...recurrentKernels(runtime),
    ...convolutionKernels(runtime),
    ...poolingKernels(runtime),
    ...softmaxKernels(runtime),
    ...lossKernels(runtime),
    ...normalizationKernels(runtime),
  };
  return { ops, update: updater(runtime) };
}
