// The linear memory in which all tensors of the CPU lie, and who holds which part of it. A buffer comes back when its tensor
// is released, or when nobody can reach it any more: the heap asks the host to collect garbage once enough has gathered, in
// the middle of a long loop too, where finalizers would never run. Does not know tensors; the backend uses it.

import { type DType, sizeBytesOf } from "../../../core/dtype.ts";
import { BackendError } from "../../../core/errors.ts";
import type { MemoryType } from "../assembler/index.ts";
import { type Block, HeapBuffer } from "./heap-buffer.ts";
import { Spans } from "./spans.ts";

export interface HeapOptions {
  /** Frees what nobody can reach, whatever the running job has looked at. Default: unreachable tensors keep their place. */
  readonly collectGarbage?: (() => void) | undefined;
  /** Default: 4 GiB, all that 32 bits can address. */
  readonly maximumBytes?: number;
}

/** A block, and who holds it: nobody, once the collector took its buffer. */
interface Entry {
  readonly block: Block;
  readonly buffer: WeakRef<HeapBuffer>;
}

const pageBytes = 65_536;
/** A cache line: two threads never write into the same one. */
const alignment = 64;
/** Kernels may read so far beyond the end of a buffer. */
const overreadBytes = 256;
const initialBytes = 2 ** 24;
/** What may be handed out and not given back before garbage is collected, and at least this share of what is live. */
const patience = { bytes: 96 * 2 ** 20, share: 0.5, buffers: 20_000 } as const;

export class Heap {
  readonly memory: WebAssembly.Memory;
  readonly type: MemoryType;
  readonly #collectGarbage: (() => void) | undefined;
  readonly #spans = new Spans();
  readonly #entries = new Map<number, Entry>();
  /** Buffers that were given back, by reserved size: who asks for the same next gets one at once. */
  readonly #waiting = new Map<number, HeapBuffer[]>();
  #bytes = 0;
  #count = 0;
  #waitingBytes = 0;
  #endBytes = initialBytes;
  /** Since garbage was last collected, less what came back. */
  #handedOut = { bytes: 0, buffers: 0 };

  constructor({ collectGarbage, maximumBytes = 2 ** 32 }: HeapOptions = {}) {
    this.type = { initialPages: initialBytes / pageBytes, maximumPages: maximumBytes / pageBytes, shared: true };
    const { initialPages: initial, maximumPages: maximum, shared } = this.type;
    this.memory = new WebAssembly.Memory({ initial, maximum, shared });
    this.#collectGarbage = collectGarbage;
    this.#spans.give(alignment, initialBytes - alignment - overreadBytes);
  }

  /** Buffers that are held. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of their elements. */
  get bytes(): number {
    return this.#bytes;
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
    if (this.#isPatienceOver()) this.collect();
    const reservedBytes = reservedBytesFor(bytes);
    const buffer = this.#reuse(reservedBytes) ?? this.#reserve(reservedBytes);
    const { block } = buffer;
    block.bytes = bytes;
    buffer.become(dtype, length);
    this.#account(block, 1);
    return buffer;
  }

  /** Takes a buffer back that nobody will use again. */
  release(buffer: HeapBuffer): void {
    const { block } = buffer;
    this.#account(block, -1);
    this.#waitingBytes += block.reservedBytes;
    const others = this.#waiting.get(block.reservedBytes);
    if (others === undefined) this.#waiting.set(block.reservedBytes, [buffer]);
    else others.push(buffer);
  }

  /** The address of bytes that are no tensor's, and stay. Collects no garbage. */
  reserve(bytes: number): number {
    const reservedBytes = reservedBytesFor(bytes);
    return this.#spans.take(reservedBytes) ?? this.#makeRoom(reservedBytes, false);
  }

  /** Takes reserved bytes back. */
  free(address: number, bytes: number): void {
    this.#spans.give(address, reservedBytesFor(bytes));
  }

  /** Takes back what nobody can reach. */
  collect(): void {
    if (this.#collectGarbage === undefined) return;
    this.#collectGarbage();
    for (const { block, buffer } of this.#entries.values()) {
      if (buffer.deref() !== undefined) continue;
      this.#account(block, -1);
      this.#forget(block);
    }
    this.#handedOut = { bytes: 0, buffers: 0 };
  }

  #isPatienceOver(): boolean {
    const { bytes, buffers } = this.#handedOut;
    return buffers > patience.buffers || bytes > Math.max(patience.bytes, this.#bytes * patience.share);
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
    this.#entries.set(address, { block, buffer: new WeakRef(buffer) });
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
    const [wanted, held, all] = [bytes, this.#bytes, this.type.maximumPages * pageBytes].map(mebibytes);
    throw new BackendError(
      "allocate",
      `no room for a tensor of ${wanted}: ${this.#count} live tensors hold ${held} of the CPU's ${all}`,
      "Use smaller batches, or drop what you no longer need; restarting the kernel frees everything.",
    );
  }

  #joinWaiting(): void {
    for (const buffers of this.#waiting.values()) for (const { block } of buffers) this.#forget(block);
    this.#waiting.clear();
    this.#waitingBytes = 0;
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

  #forget({ address, reservedBytes }: Block): void {
    this.#entries.delete(address);
    this.#spans.give(address, reservedBytes);
  }

  #account({ bytes, reservedBytes }: Block, sign: 1 | -1): void {
    this.#count += sign;
    this.#bytes += sign * bytes;
    this.#handedOut.buffers += sign;
    this.#handedOut.bytes += sign * reservedBytes;
  }
}

/** Eight sizes between powers of two, so that blocks can be used again by others of about their size. */
function reservedBytesFor(bytes: number): number {
  if (bytes <= alignment) return alignment;
  const step = Math.max(alignment, 2 ** (28 - Math.clz32(Math.min(bytes, 2 ** 31))));
  return Math.ceil(bytes / step) * step;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MiB`;
}
