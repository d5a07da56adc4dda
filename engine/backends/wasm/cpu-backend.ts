// The CPU backend: tensors lie in one shared linear memory, hot ops run as generated WebAssembly on a team of threads, the
// others as the plain kernels of ../cpu on the same memory. Made by the process that hosts the engine, which hands in what
// only a platform has: threads, the compiler with its flags, the garbage collector.

import type { DType, TypedArray } from "../../core/dtype.ts";
import type { Inputs, Params } from "../../ops/table.ts";
import type { UpdateName, UpdateOptions } from "../../ops/update-table.ts";
import type { Backend, BackendBuffer, ComputedOp, Kernel, MemoryInfo, Operand, UpdateItem } from "../backend.ts";
import { stridedOps } from "../cpu/plain-backend.ts";
import { type Compilation, KernelLibrary, plainCompilation } from "./kernel-library.ts";
import { type FastKernels, fastKernels } from "./kernels/kernels.ts";
import { stridedPointwise } from "./kernels/pointwise.ts";
import { Heap } from "./memory/heap.ts";
import type { HeapBuffer } from "./memory/heap-buffer.ts";
import { type HeapOperand, runPlain } from "./plain-kernels.ts";
import { Scratch } from "./scratch.ts";
import { pairingPays, selfTest } from "./self-test.ts";
import { type StartFollower, Team } from "./threads/team.ts";

export interface CpuOptions {
  /** Threads that compute, the calling one included. Default: 1. */
  readonly threads?: number;
  /** Work that is worth a thread, in multiply-adds. Default: 2²⁰. */
  readonly grain?: number;
  /** Starts a thread that calls `follow`. Default: there is only the calling one. */
  readonly startFollower?: StartFollower;
  /** Default: as the platform compiles all modules. */
  readonly compilation?: Compilation;
  /** Told when something falls back. Default: nobody. */
  readonly warn?: (message: string) => void;
  /** Frees what is unreachable, at once and in the middle of a job. Default: tensors that nobody disposes keep their place. */
  readonly collectGarbage?: () => void;
}

/**
 * The CPU as a backend for `configureEngine`. Called by the process that hosts the engine, not by notebooks.
 *
 * @example
 * createCpuBackend().name; // cpu
 */
export function createCpuBackend(options: CpuOptions = {}): Backend {
  return new CpuBackend(options);
}

class CpuBackend implements Backend {
  readonly name = "cpu";
  readonly holdsElements = true;
  readonly strided: ReadonlySet<ComputedOp> = new Set([...stridedOps, ...stridedPointwise]);
  readonly #heap: Heap;
  readonly #team: Team;
  readonly #options: CpuOptions;
  #kernels: FastKernels | undefined;

  constructor(options: CpuOptions) {
    const { threads: size = 1, grain, startFollower, collectGarbage } = options;
    this.#options = options;
    this.#heap = new Heap({ collectGarbage });
    this.#team = new Team(this.#heap.memory, { size, startFollower, grain });
  }

  allocate(dtype: DType, size: number): HeapBuffer {
    return this.#heap.allocate(dtype, size);
  }

  release(buffer: HeapBuffer): void {
    this.#heap.release(buffer);
  }

  write(buffer: HeapBuffer, values: TypedArray): void {
    buffer.values.set(values);
  }

  async read(buffer: HeapBuffer, start: number, length: number): Promise<TypedArray> {
    return this.readSync(buffer, start, length);
  }

  readSync(buffer: HeapBuffer, start: number, length: number): TypedArray {
    return buffer.values.slice(start, start + length);
  }

  /** Collects twice: what was made while V8 had begun to mark on its own survives the first time. */
  memory(): MemoryInfo {
    this.#heap.collect();
    this.#heap.collect();
    const { count, bytes, waitingBytes } = this.#heap;
    return { tensors: count, bytes, pooledBytes: waitingBytes };
  }

  settle(): void {
    this.#team.settle();
  }

  run<P extends ComputedOp>(
    op: P,
    inputs: Inputs<P, Operand<BackendBuffer>>,
    output: Operand<BackendBuffer>,
    params: Params<P>,
  ): void {
    // Every buffer that reaches this backend was made by `allocate`.
    const kernel = this.#fast.ops[op] as Kernel<P, BackendBuffer> | undefined;
    if (kernel !== undefined) kernel(inputs, output, params);
    else runPlain(op, inputs as unknown as readonly HeapOperand[], output as HeapOperand, params);
  }

  update<U extends UpdateName>(
    rule: U,
    items: readonly UpdateItem<U, BackendBuffer>[],
    options: UpdateOptions<U>,
  ): void {
    this.#fast.update(rule, items as unknown as readonly UpdateItem<U, HeapBuffer>[], options);
  }

  /** Made when the first op runs: a process that computes nothing compiles nothing. */
  get #fast(): FastKernels {
    this.#kernels ??= this.#tested(this.#options.compilation ?? plainCompilation);
    return this.#kernels;
  }

  #tested(compilation: Compilation): FastKernels {
    const plain = this.#kernelsOf(compilation, false);
    if (!compilation.canRevectorize) return plain;
    const paired = this.#kernelsOf(compilation, true);
    const wrong = selfTest(paired, this.#heap);
    if (wrong === undefined) return pairingPays(paired, plain, this.#heap) ? paired : plain;
    this.#options.warn?.(`${wrong} computes wrongly with paired vectors: all kernels are compiled without`);
    return plain;
  }

  #kernelsOf(compilation: Compilation, revectorize: boolean): FastKernels {
    const library = new KernelLibrary(this.#heap, compilation, revectorize);
    return fastKernels({ library, team: this.#team, scratch: new Scratch(this.#heap) });
  }
}
