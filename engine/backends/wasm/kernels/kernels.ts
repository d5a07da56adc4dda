// The ops that run as generated kernels, by family. All others run as the plain kernels of ../../cpu.

import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import type { Runtime } from "../runtime.ts";
import { matmulKernels } from "./matmul.ts";
import { recurrentKernels } from "./recurrent.ts";

export function fastKernels(runtime: Runtime): Partial<KernelTable<HeapBuffer>> {
  return { ...matmulKernels(runtime), ...recurrentKernels(runtime) };
}
