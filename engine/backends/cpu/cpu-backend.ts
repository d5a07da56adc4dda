// The plain CPU backend: one thread, typed arrays, kernels in TypeScript. It is the oracle that faster backends are tested
// against, and what runs where there is no faster one. Wires buffers and kernels together; created by core/context.ts.

import type { DType, TypedArray } from "../../core/dtype.ts";
import type { Inputs, Params } from "../../ops/table.ts";
import type { Backend, BackendBuffer, ComputedOp, Kernel, KernelTable, Operand } from "../backend.ts";
import { BufferPool } from "./buffer-pool.ts";
import { classificationKernels } from "./classification.ts";
import { convolutionKernels } from "./convolution.ts";
import { elementaryKernels } from "./elementary.ts";
import { indexingKernels } from "./indexing.ts";
import { matmulKernels } from "./matmul.ts";
import { movementKernels } from "./movement.ts";
import { orderKernels } from "./order.ts";
import { pointwiseKernels } from "./pointwise.ts";
import { poolingKernels } from "./pooling.ts";
import { reductionKernels } from "./reduction.ts";
import { resizeKernels } from "./resize.ts";

const kernels: KernelTable<TypedArray> = {
  ...pointwiseKernels,
  ...elementaryKernels,
  ...reductionKernels,
  ...orderKernels,
  ...movementKernels,
  ...indexingKernels,
  ...matmulKernels,
  ...convolutionKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...classificationKernels,
};

export function createCpuBackend(): Backend {
  return new CpuBackend();
}

class CpuBackend implements Backend {
  readonly name = "cpu";
  readonly garbageCollected = true;
  readonly #pool = new BufferPool();

  get pooledBytes(): number {
    return this.#pool.sizeBytes;
  }

  allocate(dtype: DType, size: number): TypedArray {
    return this.#pool.take(dtype, size);
  }

  release(buffer: TypedArray): void {
    this.#pool.give(buffer);
  }

  write(buffer: TypedArray, values: TypedArray): void {
    buffer.set(values);
  }

  async read(buffer: TypedArray): Promise<TypedArray> {
    return buffer.slice();
  }

  readSync(buffer: TypedArray): TypedArray {
    return buffer.slice();
  }

  run<P extends ComputedOp>(
    op: P,
    inputs: Inputs<P, Operand<BackendBuffer>>,
    output: Operand<BackendBuffer>,
    params: Params<P>,
  ): void {
    // Every buffer that reaches this backend was made by `allocate`.
    const kernel = kernels[op] as unknown as Kernel<P, BackendBuffer>;
    kernel(inputs, output, params);
  }
}
