// The plain CPU backend: one thread, typed arrays, kernels in TypeScript. It is the oracle that faster backends are tested
// against, and what runs where there is no faster one. Wires buffers and kernels together; created by core/context.ts.

import type { DType, TypedArray } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
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
import { broadcastingOps, pointwiseKernels } from "./pointwise.ts";
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

const stridedOps: ReadonlySet<ComputedOp> = new Set([...broadcastingOps, "contiguous", "matmul"] as const);

/** A contiguous operand whose buffer holds its elements and no others: what plain kernels count on. */
function alone(operand: Operand<TypedArray>): Operand<TypedArray> {
  const { shape, buffer, offset } = operand;
  const size = sizeOf(shape);
  return buffer.length === size ? operand : { ...operand, offset: 0, buffer: buffer.subarray(offset, offset + size) };
}

export function createCpuBackend(): Backend {
  return new CpuBackend();
}

class CpuBackend implements Backend {
  readonly name = "cpu";
  readonly holdsElements = true;
  readonly garbageCollected = true;
  readonly strided = stridedOps;
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

  async read(buffer: TypedArray, start: number, length: number): Promise<TypedArray> {
    return buffer.slice(start, start + length);
  }

  readSync(buffer: TypedArray, start: number, length: number): TypedArray {
    return buffer.slice(start, start + length);
  }

  run<P extends ComputedOp>(
    op: P,
    inputs: Inputs<P, Operand<BackendBuffer>>,
    output: Operand<BackendBuffer>,
    params: Params<P>,
  ): void {
    // Every buffer that reaches this backend was made by `allocate`.
    const kernel = kernels[op] as unknown as Kernel<P, BackendBuffer>;
    const operands = stridedOps.has(op) ? inputs : (inputs as readonly Operand<TypedArray>[]).map(alone);
    kernel(operands as unknown as typeof inputs, output, params);
  }
}
