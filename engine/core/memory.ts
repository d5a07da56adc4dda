// Counts live buffers and notices the ones that the garbage collector took. Does not decide when a buffer dies: that is
// its storage's reference count. One account per process, in context.ts.

/** What {@link memory} tells. */
export interface MemoryInfo {
  /** Live tensors; views of the same elements (reshape, detach) count once. */
  readonly tensors: number;
  /** Bytes of their elements. */
  readonly bytes: number;
  /** Bytes of freed buffers that wait to be used again. */
  readonly pooledBytes: number;
}

/** Called with the bytes when the collector took a storage that nobody had released. */
interface Collected {
  readonly bytes: number;
  readonly reclaim: (() => void) | undefined;
}

export class MemoryAccount {
  #tensors = 0;
  #bytes = 0;
  readonly #collected = new FinalizationRegistry<Collected>(({ bytes, reclaim }) => {
    this.#close(bytes);
    reclaim?.();
  });

  get tensors(): number {
    return this.#tensors;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Opens an entry for `owner`; `reclaim` runs if the collector takes the owner, and must not refer to it. */
  open(owner: object, bytes: number, reclaim: (() => void) | undefined): void {
    this.#tensors++;
    this.#bytes += bytes;
    this.#collected.register(owner, { bytes, reclaim }, owner);
  }

  /** Closes the entry of an owner that was released by hand. */
  release(owner: object, bytes: number): void {
    this.#collected.unregister(owner);
    this.#close(bytes);
  }

  #close(bytes: number): void {
    this.#tensors--;
    this.#bytes -= bytes;
  }
}
