// The plain backend: one thread, typed arrays, kernels in TypeScript. It is the oracle that faster backends are tested
// against, what runs where the host chose none, and what computes the ops of ../wasm that are seldom used.

import type { DType, TypedArray } from "../../core/dtype.ts";
import { sizeOf } from "../../core/shape.ts";
import type { Inputs, Params } from "../../ops/table.ts";
import type { UpdateName, UpdateOptions } from "../../ops/update-table.ts";
import type {
  Backend,
  BackendBuffer,
  ComputedOp,
  Kernel,
  KernelTable,
  MemoryInfo,
  Operand,
  UpdateItem,
  UpdateKernel,
} from "../backend.ts";
import { BufferPool } from "./buffer-pool.ts";
import { classificationKernels } from "./classification.ts";
import { convolutionKernels } from "./convolution.ts";
import { elementaryKernels } from "./elementary.ts";
import { indexingKernels } from "./indexing.ts";
import { matmulKernels } from "./matmul.ts";
import { MemoryAccount } from "./memory-account.ts";
import { movementKernels } from "./movement.ts";
import { normalizationKernels } from "./normalization.ts";
import { orderKernels } from "./order.ts";
import { broadcastingOps, pointwiseKernels } from "./pointwise.ts";
import { poolingKernels } from "./pooling.ts";
import { recurrentKernels } from "./recurrent.ts";
import { reductionKernels } from "./reduction.ts";
import { resizeKernels } from "./resize.ts";
import { updateKernels } from "./updates.ts";

export const plainKernels: KernelTable<TypedArray> = {
  ...pointwiseKernels,
  ...elementaryKernels,
  ...reductionKernels,
  ...orderKernels,
  ...movementKernels,
  ...indexingKernels,
  ...matmulKernels,
  ...recurrentKernels,
  ...convolutionKernels,
  ...normalizationKernels,
  ...poolingKernels,
  ...resizeKernels,
  ...classificationKernels,
};

/** Ops whose plain kernels read any layout. */
export const stridedOps: ReadonlySet<ComputedOp> = new Set([
  ...broadcastingOps,
  "contiguous",
  "matmul",
  "linear",
] as const);

/** A contiguous operand whose buffer holds its elements and no others: what plain kernels count on. */
export function alone(operand: Operand<TypedArray>): Operand<TypedArray> {
  const { shape, buffer, offset } = operand;
  const size = sizeOf(shape);
  return buffer.length === size ? operand : { ...operand, offset: 0, buffer: buffer.subarray(offset, offset + size) };
}

export function createPlainBackend(): Backend {
  return new PlainBackend();
}

class PlainBackend implements Backend {
  readonly name = "cpu";
  readonly holdsElements = true;
  readonly strided = stridedOps;
  readonly #pool = new BufferPool();
  readonly #account = new MemoryAccount();

  allocate(dtype: DType, size: number): TypedArray {
    const buffer = this.#pool.take(dtype, size);
    this.#account.open(buffer, buffer.byteLength);
    return buffer;
  }

  release(buffer: TypedArray): void {
    this.#account.release(buffer, buffer.byteLength);
    this.#pool.give(buffer);
  }

  /** Tensors that were collected rather than released are missed once the event loop has turned. */
  memory(): MemoryInfo {
    const { tensors, bytes } = this.#account;
    return { tensors, bytes, pooledBytes: this.#pool.sizeBytes };
  }

  settle(): void {}

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
    const kernel = plainKernels[op] as unknown as Kernel<P, BackendBuffer>;
    const operands = stridedOps.has(op) ? inputs : (inputs as readonly Operand<TypedArray>[]).map(alone);
    kernel(operands as unknown as typeof inputs, output, params);
  }

  update<U extends UpdateName>(
    rule: U,
    items: readonly UpdateItem<U, BackendBuffer>[],
    options: UpdateOptions<U>,
  ): void {
    const kernel = updateKernels[rule] as unknown as UpdateKernel<U, BackendBuffer>;
    for (const item of items) kernel(item, options);
  }
}
