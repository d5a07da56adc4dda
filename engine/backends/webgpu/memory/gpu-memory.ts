// Who holds which buffer on the GPU. Buffers that come back wait by size for the next tensor, so that a training loop makes none
// after its first step and finds its bind groups again. What is unreachable is found as in the CPU's heap, see ../../lifetimes.ts.

import type { DType } from "../../../core/dtype.ts";
import { RoomError } from "../../../core/errors.ts";
import { Lifetimes, mebibytes, sizeClass } from "../../lifetimes.ts";
import type { GpuLimits } from "../protocol.ts";
import { type GpuBlock, GpuBuffer } from "./gpu-buffer.ts";

export interface GpuMemoryOptions {
  readonly limits: GpuLimits;
  /** Frees what nobody can reach, whatever the running job has looked at. Default: unreachable tensors keep their place. */
  readonly collectGarbage: (() => void) | undefined;
  /** Makes the bytes themselves, or tells why the device cannot. */
  readonly create: (block: GpuBlock) => string | undefined;
  readonly destroy: (block: GpuBlock) => void;
}

const bytesPerElement = 4;
/** Uniform and copy offsets are multiples of less; sixteen words keep small tensors in one size. */
const alignment = 64;
/** Graphics cards have more memory than a CPU's cache: collecting may wait longer than in the heap. */
const patience = { bytes: 256 * 2 ** 20, share: 0.5, buffers: 20_000 } as const;

export class GpuMemory {
  readonly #options: GpuMemoryOptions;
  readonly #lifetimes: Lifetimes<GpuBlock, GpuBuffer>;
  readonly #waiting = new Map<number, GpuBuffer[]>();
  #waitingBytes = 0;
  #lastId = 0;
  #device = 1;

  constructor(options: GpuMemoryOptions) {
    this.#options = options;
    this.#lifetimes = new Lifetimes(options.collectGarbage, patience, (block) => this.#destroy(block));
  }

  get count(): number {
    return this.#lifetimes.count;
  }

  get bytes(): number {
    return this.#lifetimes.bytes;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** A buffer of arbitrary content. Throws a RoomError where it is more than the GPU can bind, or than it has. */
  allocate(dtype: DType, length: number): GpuBuffer {
    const bytes = length * bytesPerElement;
    this.#requireFitting(bytes);
    if (this.#lifetimes.isPatienceOver) this.collect();
    const reservedBytes = Math.min(sizeClass(bytes, alignment), Math.floor(this.#largest / 4) * 4);
    const reused = this.#reuse(reservedBytes);
    const buffer = reused ?? this.#watched(reservedBytes);
    buffer.block.bytes = bytes;
    buffer.dtype = dtype;
    buffer.length = length;
    buffer.isHeld = true;
    this.#lifetimes.take(buffer.block);
    if (reused === undefined) this.#make(buffer);
    return buffer;
  }

  /** Takes a buffer back that nobody will use again. Commands that were recorded before may still be using it. */
  release(buffer: GpuBuffer): void {
    const { block } = buffer;
    buffer.isHeld = false;
    this.#lifetimes.giveBack(block);
    if (!this.isHere(buffer)) {
      this.#lifetimes.forget(block);
      return;
    }
    this.#waitingBytes += block.reservedBytes;
    const others = this.#waiting.get(block.reservedBytes);
    if (others === undefined) this.#waiting.set(block.reservedBytes, [buffer]);
    else others.push(buffer);
  }

  /** Takes back what nobody can reach. */
  collect(): void {
    this.#lifetimes.collect();
  }

  /** Gives the bytes of waiting buffers back to the system. */
  destroyWaiting(): void {
    for (const { block } of this.#takeWaiting()) {
      this.#lifetimes.forget(block);
      this.#options.destroy(block);
    }
  }

  /** Whether the buffer lies on the device of today. */
  isHere({ block }: GpuBuffer): boolean {
    return block.device === this.#device;
  }

  /** The device is gone, and all buffers with it. */
  lose(): void {
    for (const { block } of this.#takeWaiting()) this.#lifetimes.forget(block);
    this.#device++;
  }

  get #largest(): number {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.#options.limits;
    return Math.min(maxBufferSize, maxStorageBufferBindingSize);
  }

  #requireFitting(bytes: number): void {
    if (bytes <= this.#largest) return;
    throw new RoomError(
      "allocate",
      `a tensor of ${mebibytes(bytes)}`,
      `it takes ${mebibytes(bytes)}, and this GPU binds at most ${mebibytes(this.#largest)} at once`,
      "Use smaller batches, or compute it in parts and keep these.",
    );
  }

  #reuse(reservedBytes: number): GpuBuffer | undefined {
    const buffer = this.#waiting.get(reservedBytes)?.pop();
    if (buffer !== undefined) this.#waitingBytes -= reservedBytes;
    return buffer;
  }

  #watched(reservedBytes: number): GpuBuffer {
    const block: GpuBlock = { id: ++this.#lastId, device: this.#device, reservedBytes, bytes: 0 };
    const buffer = new GpuBuffer(block);
    this.#lifetimes.watch(block, buffer);
    return buffer;
  }

  /** Where there is no room, everything that is not used goes first. */
  #make({ block }: GpuBuffer): void {
    if (this.#options.create(block) === undefined) return;
    this.collect();
    this.destroyWaiting();
    const refusal = this.#options.create(block);
    if (refusal === undefined) return;
    this.#lifetimes.giveBack(block);
    this.#lifetimes.forget(block);
    const bytes = mebibytes(block.bytes);
    throw new RoomError(
      "allocate",
      `a tensor of ${bytes}`,
      `it takes ${bytes}, and ${this.count} live tensors hold ${mebibytes(this.bytes)} (${refusal})`,
      "Use smaller batches, or drop what you no longer need; restarting the kernel frees everything.",
    );
  }

  #destroy(block: GpuBlock): void {
    if (block.device === this.#device) this.#options.destroy(block);
  }

  /** Taken out before anything is done to them: who is stopped in between leaves none that is destroyed for others. */
  #takeWaiting(): readonly GpuBuffer[] {
    const waiting = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#waitingBytes = 0;
    return waiting;
  }
}
