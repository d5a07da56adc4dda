// The only seam between the engine and whatever computes: buffers and one kernel per op. Knows no gradients, no lifetimes,
// no tensors. Implemented by cpu/ (and, later, by wasm and WebGPU); called by ops/dispatch.ts and tensor/storage.ts.

import type { DeviceName } from "../core/device.ts";
import type { DType, TypedArray } from "../core/dtype.ts";
import type { Layout } from "../core/layout.ts";
import type { Inputs, Meta, MoveOp, OpName, Params, ViewOp } from "../ops/table.ts";
import type { UpdateInputs, UpdateName, UpdateOptions, UpdateOutputs } from "../ops/update-table.ts";

/** Ops that a backend computes. Views only look at the same elements differently, and what moves takes two backends. */
export type ComputedOp = Exclude<OpName, ViewOp | MoveOp>;

/** Memory of a backend. What it is, only its backend knows. */
export type BackendBuffer = object;

/** A tensor as a kernel sees it. Contiguous, unless the backend says that the op's kernel reads any layout. */
export interface Operand<B extends BackendBuffer> extends Meta, Layout {
  readonly buffer: B;
}

/** Where a kernel writes. */
export interface Output<B extends BackendBuffer> extends Operand<B> {
  /** Room for what only the gradient reads, as large as inference says. */
  readonly reserve?: B | undefined;
}

/** Writes every element of `output` and its reserve, whose buffers hold old values when the kernel starts. */
export type Kernel<P extends ComputedOp, B extends BackendBuffer> = (
  inputs: Inputs<P, Operand<B>>,
  output: Output<B>,
  params: Params<P>,
) => void;

/** A kernel for every op: a backend with a gap does not compile. */
export type KernelTable<B extends BackendBuffer> = { readonly [P in ComputedOp]: Kernel<P, B> };

/** One parameter of a fused optimiser step: contiguous operands of `size` float32 elements, and where the next ones go. */
export interface UpdateItem<U extends UpdateName, B extends BackendBuffer> {
  readonly size: number;
  readonly inputs: UpdateInputs<U, { readonly buffer: B; readonly offset: number }>;
  readonly outputs: UpdateOutputs<U, B>;
}

export type UpdateKernel<U extends UpdateName, B extends BackendBuffer> = (
  item: UpdateItem<U, B>,
  options: UpdateOptions<U>,
) => void;

/** A kernel for every rule. */
export type UpdateKernelTable<B extends BackendBuffer> = { readonly [U in UpdateName]: UpdateKernel<U, B> };

/** What {@link memory} tells. */
export interface MemoryInfo {
  /** Live tensors; views of the same elements (reshape, detach) count once. */
  readonly tensors: number;
  /** Bytes of their elements. */
  readonly bytes: number;
  /** Bytes of freed buffers that wait to be used again. */
  readonly pooledBytes: number;
}

/** What computes: holds buffers and runs kernels. Given to `configureEngine` by the host. */
export interface Backend {
  readonly name: DeviceName;
  /** False when tensors have shapes only, see meta/; then it takes operands of other backends. */
  readonly holdsElements: boolean;
  /** The ops whose kernels read operands of any layout; for all others, dispatch copies scattered elements first. */
  readonly strided: ReadonlySet<ComputedOp>;
  /** A buffer of `size` elements with arbitrary content. */
  allocate(dtype: DType, size: number): BackendBuffer;
  /** Takes a buffer back that nobody will use again. */
  release(buffer: BackendBuffer): void;
  write(buffer: BackendBuffer, values: TypedArray): void;
  /** A copy of `length` elements from `start` on, once all ops that were called before have run. */
  read(buffer: BackendBuffer, start: number, length: number): Promise<TypedArray>;
  /** The same at once; a BackendError where waiting is impossible. */
  readSync(buffer: BackendBuffer, start: number, length: number): TypedArray;
  /** What live tensors and waiting buffers take. */
  memory(): MemoryInfo;
  /** Waits until nothing runs any more: after the host has terminated running code in the middle of an op. */
  settle(): void;
  /** Runs, or queues, the kernel of `op`. */
  run<P extends ComputedOp>(
    op: P,
    inputs: Inputs<P, Operand<BackendBuffer>>,
    output: Output<BackendBuffer>,
    params: Params<P>,
  ): void;
  /** Computes a step of an optimiser for all these parameters. */
  update<U extends UpdateName>(
    rule: U,
    items: readonly UpdateItem<U, BackendBuffer>[],
    options: UpdateOptions<U>,
  ): void;
}
