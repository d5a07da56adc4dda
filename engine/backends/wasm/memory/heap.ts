// The linear memory in which all tensors of the CPU lie, and who holds which part of it. A buffer comes back when its tensor
// is released, or when nobody can reach it any more: the heap asks the host to collect garbage once enough has gathered, in
// the middle of a long loop too, where finalizers would never run. Does not know tensors; the backend uses it.
//
// The code that runs may be terminated (a cell is interrupted) wherever it calls a function or repeats a loop. What is given on is
// therefore taken out of here first: a place may be lost until garbage is collected, but never belongs to two.

import { type DType, sizeBytesOf } from "../../../core/dtype.ts";
import { RoomError } from "../../../core/errors.ts";
import { Lifetimes, mebibytes, sizeClass } from "../../lifetimes.ts";
import type { MemoryType } from "../assembler/index.ts";
import { type Block, HeapBuffer } from "./heap-buffer.ts";
import { Spans } from "./spans.ts";

export interface HeapOptions {
  /** Frees what nobody can reach, whatever the running job has looked at. Default: unreachable tensors keep their place. */
  readonly collectGarbage?: (() => void) | undefined;
  /** Default: 4 GiB, all that 32 bits can address. */
  readonly maximumBytes?: number;
}

const pageBytes = 65_536;
/** A cache line: two threads never write into the same one. */
const alignment = 64;
/** Kernels may read so far beyond the end of a buffer. */
const overreadBytes = 256;
const initialBytes = 2 ** 24;
const patience = { bytes: 96 * 2 ** 20, share: 0.5, buffers: 20_000 } as const;

export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly type: MemoryType;
  readonly #spans = new Spans();
  readonly #lifetimes: Lifetimes<Block, HeapBuffer>;
  /** Buffers that were given back, by reserved size: who asks for the same next gets one at once. */
  readonly #waiting = new Map<number, HeapBuffer[]>();
  #waitingBytes = 0;
  #endBytes = initialBytes;

  constructor({ collectGarbage, maximumBytes = 2 ** 32 }: HeapOptions = {}) {
    this.type = { initialPages: initialBytes / pageBytes, maximumPages: maximumBytes / pageBytes, shared: true };
    const { initialPages: initial, maximumPages: maximum, shared } = this.type;
    this.memory = new WebAssembly.Memory({ initial, maximum, shared });
    this.#lifetimes = new Lifetimes(collectGarbage, patience, (block) => this.#giveSpan(block));
    this.#spans.give(alignment, initialBytes - alignment - overreadBytes);
  }

  /** Buffers that are held. */
  get count(): number {
    return this.#lifetimes.count;
  }

  /** Bytes of their elements. */
  get bytes(): number {
    return this.#lifetimes.bytes;
  }

  /** Bytes of buffers that wait to be used again. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * A buffer of arbitrary content. Throws a BackendError if the memory is full. May collect garbage: whoever works with bare
   * addresses holds the buffers meanwhile.
   */
  allocate(dtype: DType, length: number): HeapBuffer {
    const bytes = sizeBytesOf(dtype, length);
    if (this.#lifetimes.isPatienceOver) this.collect();
    const reservedBytes = sizeClass(bytes, alignment);
    const buffer = this.#reuse(reservedBytes) ?? this.#reserve(reservedBytes);
    const { block } = buffer;
    block.bytes = bytes;
    buffer.become(dtype, length);
    this.#lifetimes.take(block);
    return buffer;
  }

  /** Takes a buffer back that nobody will use again. */
  release(buffer: HeapBuffer): void {
    const { block } = buffer;
    this.#lifetimes.giveBack(block);
    this.#waitingBytes += block.reservedBytes;
    const others = this.#waiting.get(block.reservedBytes);
    if (others === undefined) this.#waiting.set(block.reservedBytes, [buffer]);
    else others.push(buffer);
  }

  /** The address of bytes that are no tensor's, and stay. Collects no garbage. */
  reserve(bytes: number): number {
    const reservedBytes = sizeClass(bytes, alignment);
    return this.#spans.take(reservedBytes) ?? this.#makeRoom(reservedBytes, false);
  }

  /** Takes reserved bytes back. */
  free(address: number, bytes: number): void {
    this.#spans.give(address, sizeClass(bytes, alignment));
  }

  /** Takes back what nobody can reach. */
  collect(): void {
    this.#lifetimes.collect();
  }

  #reuse(reservedBytes: number): HeapBuffer | undefined {
    const buffer = this.#waiting.get(reservedBytes)?.pop();
    if (buffer !== undefined) this.#waitingBytes -= reservedBytes;
    return buffer;
  }

  #reserve(reservedBytes: number): HeapBuffer {
    const address = this.#spans.take(reservedBytes) ?? this.#makeRoom(reservedBytes, true);
    const block: Block = { address, reservedBytes, bytes: 0 };
    const buffer = new HeapBuffer(this.memory, block);
    this.#lifetimes.watch(block, buffer);
    return buffer;
  }

  /** Joins what waits, then grows, then collects garbage: each only if the one before was not enough. */
  #makeRoom(bytes: number, mayCollect: boolean): number {
    if (this.#waitingBytes >= bytes) this.#joinWaiting();
    const address = this.#spans.take(bytes) ?? this.#grow(bytes);
    if (address !== undefined) return address;
    if (mayCollect) {
      this.collect();
      this.#joinWaiting();
      const collected = this.#spans.take(bytes);
      if (collected !== undefined) return collected;
    }
    const [wanted, held, all] = [bytes, this.bytes, this.type.maximumPages * pageBytes].map(mebibytes);
    throw new RoomError(
      "allocate",
      `a tensor of ${wanted}`,
      `it takes ${wanted}, and ${this.count} live tensors hold ${held} of the CPU's ${all}`,
      "Use smaller batches, or drop what you no longer need; restarting the kernel frees everything.",
    );
  }

  #joinWaiting(): void {
    // Taken out first: who is stopped in between may lose a block for a while, but nobody gets it twice.
    const waiting = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    this.#waitingBytes = 0;
    for (const { block } of waiting) this.#forget(block);
  }

  /** In steps that grow with the memory; the address of `bytes` more, or undefined at the end of it. */
  #grow(bytes: number): number | undefined {
    const missing = bytes - this.#spans.bytesBefore(this.#endBytes - overreadBytes);
    for (const wanted of [Math.max(missing, this.#endBytes / 4), missing]) {
      const pages = Math.ceil(wanted / pageBytes);
      try {
        this.memory.grow(pages);
      } catch {
        continue; // Past the maximum, or past what the system gives.
      }
      this.#spans.give(this.#endBytes - overreadBytes, pages * pageBytes);
      this.#endBytes += pages * pageBytes;
      return this.#spans.take(bytes);
    }
    return undefined;
  }

  #forget(block: Block): void {
    this.#lifetimes.forget(block);
    this.#giveSpan(block);
  }

  #giveSpan({ address, reservedBytes }: Block): void {
    this.#spans.give(address, reservedBytes);
  }
}
