// The ops that run as generated kernels, by family. All others run as the plain kernels of ../../cpu.

import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import type { Runtime } from "../runtime.ts";
import { convolutionKernels } from "./convolution.ts";
import { matmulKernels } from "./matmul.ts";
import { pointwiseKernels } from "./pointwise.ts";
import { poolingKernels } from "./pooling.ts";
import { recurrentKernels } from "./recurrent.ts";
import { reductionKernels } from "./reduction.ts";
import { softmaxKernels } from "./softmax.ts";

export function fastKernels(runtime: Runtime): Partial<KernelTable<HeapBuffer>> {
  return {
    ...pointwiseKernels(runtime),
    ...reductionKernels(runtime),
    ...matmulKernels(runtime),
    ...recurrentKernels(runtime),
    ...convolutionKernels(runtime),
    ...poolingKernels(runtime),
    ...softmaxKernels(runtime),
  };
}
