// The GPU as a backend: records what ops do and leaves the doing to the thread that owns the device (device/serve.ts). Made by the
// process that hosts the engine, which hands that thread in. Computes nothing itself, and nothing ever goes to the CPU instead.

import type { DType, TypedArray } from "../../core/dtype.ts";
import { BackendError, type EngineError } from "../../core/errors.ts";
import type { Inputs, Params } from "../../ops/table.ts";
import type { UpdateName, UpdateOptions } from "../../ops/update-table.ts";
import type {
  Backend,
  BackendBuffer,
  ComputedOp,
  Kernel,
  MemoryInfo,
  Operand,
  Output,
  UpdateItem,
  UpdateKernel,
} from "../backend.ts";
import { mebibytes } from "../lifetimes.ts";
import { CommandRecorder } from "./command-recorder.ts";
import { fromWords, toWords } from "./elements.ts";
import { Gpu } from "./gpu.ts";
import type { GpuThread } from "./gpu-thread.ts";
import { type GpuKernels, gpuKernels, stridedOps } from "./kernels/kernels.ts";
import type { GpuBlock, GpuBuffer } from "./memory/gpu-buffer.ts";
import { GpuMemory } from "./memory/gpu-memory.ts";
import { createReply, type GpuInfo, type GpuTrouble } from "./protocol.ts";
import { Reader } from "./reader.ts";
import { SharedState } from "./shared-state.ts";
import { Watches } from "./watches.ts";

export interface WebGpuOptions {
  /** The thread that runs `serve`. */
  readonly thread: GpuThread;
  /** Frees what is unreachable, at once and in the middle of a job. Default: tensors that nobody disposes keep their place. */
  readonly collectGarbage?: () => void;
}

/** From here on it is worth waiting for the answer whether there is room: training makes such a buffer once. */
const largeBytes = 4 * 2 ** 20;
/** How long drivers may take to start, and to stop. */
const [openTimeoutMs, endTimeoutMs] = [60_000, 5_000];

/**
 * The GPU as a backend for `configureEngine`. Waits until the device is there. Called by the process that hosts the engine, not
 * by notebooks. Throws a BackendError where there is no GPU.
 *
 * @example
 * // The host: configureEngine({ devices: { webgpu: () => createWebGpuBackend({ thread }) } });
 * typeof createWebGpuBackend; // function
 */
export function createWebGpuBackend(options: WebGpuOptions): WebGpuBackend {
  return new WebGpuBackend(options);
}

export class WebGpuBackend implements Backend {
  readonly name = "webgpu";
  readonly holdsElements = true;
  readonly strided = stridedOps;
  readonly #thread: GpuThread;
  readonly #memory: GpuMemory;
  readonly #recorder: CommandRecorder;
  readonly #reader: Reader;
  readonly #watches = new Watches();
  readonly #gpu: Gpu;
  readonly #kernels: GpuKernels;
  #state: SharedState;
  /** False between the loss of a device and the next one. */
  #hasDevice = true;

  constructor({ thread, collectGarbage }: WebGpuOptions) {
    this.#thread = thread;
    this.#state = new SharedState();
    const info = this.#open();
    this.#recorder = new CommandRecorder(thread, this.#state);
    this.#memory = new GpuMemory({
      limits: info.limits,
      collectGarbage,
      create: (block) => this.#create(block),
      destroy: ({ id }) => this.#recorder.destroy(id),
    });
    this.#reader = new Reader(thread, () => this.#check());
    this.#gpu = new Gpu({ thread, info, recorder: this.#recorder, memory: this.#memory, watches: this.#watches });
    this.#kernels = gpuKernels(this.#gpu);
    thread.beforeEnd(() => this.#end());
  }

  /** What the driver says about itself. */
  get info(): GpuInfo {
    return this.#gpu.info;
  }

  allocate(dtype: DType, size: number): GpuBuffer {
    this.#check();
    return this.#memory.allocate(dtype, size);
  }

  release(buffer: GpuBuffer): void {
    this.#memory.release(buffer);
  }

  write(buffer: GpuBuffer, values: TypedArray): void {
    this.#gpu.requireHere("write", buffer);
    this.#gpu.beforeWrite(buffer);
    const words = toWords(values);
    if (words.length === 0) return;
    if (this.#recorder.canWrite(words.length)) {
      this.#recorder.write(buffer.id, words);
      return;
    }
    this.#recorder.flush();
    this.#thread.post({ kind: "write", buffer: buffer.id, words }, [words.buffer]);
  }

  async read(buffer: GpuBuffer, start: number, length: number): Promise<TypedArray> {
    this.#prepareRead(buffer);
    return fromWords(await this.#reader.read(buffer.id, start, length), buffer.dtype);
  }

  readSync(buffer: GpuBuffer, start: number, length: number): TypedArray {
    this.#prepareRead(buffer);
    return fromWords(this.#reader.readSync(buffer.id, start, length), buffer.dtype);
  }

  /** Collects twice: what was made while V8 had begun to mark on its own survives the first time. */
  memory(): MemoryInfo {
    this.#gpu.settle();
    this.#memory.collect();
    this.#memory.collect();
    const { count, bytes, waitingBytes } = this.#memory;
    return { tensors: count, bytes, pooledBytes: waitingBytes };
  }

  /** The GPU does one thing after the other, and is never far behind: nothing that comes next meets what still runs. */
  settle(): void {
    this.#recorder.flush();
  }

  run<P extends ComputedOp>(
    op: P,
    inputs: Inputs<P, Operand<BackendBuffer>>,
    output: Output<BackendBuffer>,
    params: Params<P>,
  ): void {
    // Every buffer that reaches this backend was made by `allocate`.
    const kernel = this.#kernels.ops[op] as unknown as Kernel<P, BackendBuffer>;
    kernel(inputs, output, params);
  }

  update<U extends UpdateName>(
    rule: U,
    items: readonly UpdateItem<U, BackendBuffer>[],
    options: UpdateOptions<U>,
  ): void {
    const kernel = this.#kernels.updates[rule] as unknown as UpdateKernel<U, BackendBuffer>;
    for (const item of items) kernel(item, options);
  }

  /** Gives the device up, and all tensors with it. The next op that needs one says so, and finds a new device. */
  close(): void {
    this.#recorder.flush();
    this.#thread.post({ kind: "close" }, []);
  }

  /** Dawn for Node takes the process down if its thread is ended in the middle of a call. */
  #end(): void {
    this.#state.wantEnd();
    this.#thread.post({ kind: "close" }, []);
    this.#state.waitForEnd(endTimeoutMs);
  }

  /** Small buffers come with the commands that use them: that there was no room even for these, is known later only. */
  #create({ id, reservedBytes }: GpuBlock): string | undefined {
    if (reservedBytes < largeBytes) {
      this.#recorder.create(id, reservedBytes);
      return undefined;
    }
    this.#recorder.flush();
    const reply = new SharedArrayBuffer(4);
    this.#thread.post({ kind: "create", buffer: id, bytes: reservedBytes, reply }, []);
    const answer = new Int32Array(reply);
    while (Atomics.wait(answer, 0, 0, 1000) === "timed-out") this.#check();
    this.#check();
    return answer[0] === createReply.noRoom ? "the GPU is out of memory" : undefined;
  }

  #prepareRead(buffer: GpuBuffer): void {
    this.#check();
    this.#gpu.requireHere("read", buffer);
    this.#recorder.flush();
  }

  /** Throws what went wrong on the GPU since the last time; after a loss, a new device is ready then. */
  #check(): void {
    if (!this.#hasDevice) this.#replaceDevice();
    if (!this.#state.hasTrouble) return;
    const trouble = this.#state.takeTrouble();
    if (trouble === undefined) return;
    const error = this.#toError(trouble);
    // A batch without room for its buffers did not run: nobody knows any more what is in the others.
    if (trouble.kind === "lost" || trouble.kind === "out of memory") this.#replaceDevice();
    throw error;
  }

  #open(): GpuInfo {
    this.#thread.post({ kind: "open", state: this.#state.memory }, []);
    const info = this.#state.waitForDevice(openTimeoutMs);
    if (info !== undefined) return info;
    const trouble = this.#state.takeTrouble();
    throw new BackendError(
      "webgpu",
      trouble?.message ?? `the GPU did not answer within ${openTimeoutMs / 1000} s`,
      'Use device("cpu"), or install a driver: WebGPU needs Vulkan, Metal or Direct3D 12.',
    );
  }

  /** Throws where there is none any more; the next op tries again. */
  #replaceDevice(): void {
    this.#hasDevice = false;
    this.#memory.lose();
    this.#gpu.restart();
    this.#state = new SharedState();
    this.#recorder.restart(this.#state);
    this.#open();
    this.#hasDevice = true;
  }

  #toError({ kind, message, watch, value }: GpuTrouble): EngineError {
    switch (kind) {
      case "fault":
        return (
          this.#watches.errorOf(watch ?? 0, value ?? 0) ??
          new BackendError("webgpu", `an op of the past found a value out of range: ${value}`)
        );
      case "lost":
        return new BackendError(
          "webgpu",
          `the GPU device was lost, and all tensors with it: ${message}`,
          "There is a new device now: run the cells that create tensors and models once more.",
        );
      case "out of memory":
        return new BackendError(
          "webgpu",
          `${message.split("\n")[0]}: ${this.#memory.count} live tensors hold ${mebibytes(this.#memory.bytes)}, and all are lost`,
          "There is a new device now: use smaller batches, or keep less, and create tensors and models once more.",
        );
      case "no device":
      case "invalid":
        return new BackendError("webgpu", message);
    }
  }
}
