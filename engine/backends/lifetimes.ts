// Who holds the blocks of a backend's memory: counts what is held, and finds by weak references what nobody can reach any more,
// once enough has been handed out to make collecting garbage worth its time. Used by the memories of wasm/ and webgpu/.

/** Bytes that a buffer stands for; it outlives the buffer. */
export interface Held {
  readonly reservedBytes: number;
  /** Of the elements that lie there now. */
  bytes: number;
}

interface Patience {
  /** What may be handed out and not given back before garbage is collected, and at least this share of what is live. */
  readonly bytes: number;
  readonly share: number;
  readonly buffers: number;
}

export class Lifetimes<Block extends Held, Buffer extends object> {
  /** Buffers that are held. */
  count = 0;
  /** Bytes of their elements. */
  bytes = 0;
  readonly #collectGarbage: (() => void) | undefined;
  readonly #patience: Patience;
  /** Called for every block whose buffer nobody holds any more. */
  readonly #lost: (block: Block) => void;
  readonly #buffers = new Map<Block, WeakRef<Buffer>>();
  /** Since garbage was last collected, less what came back. */
  #handedOut = { bytes: 0, buffers: 0 };

  constructor(collectGarbage: (() => void) | undefined, patience: Patience, lost: (block: Block) => void) {
    this.#collectGarbage = collectGarbage;
    this.#patience = patience;
    this.#lost = lost;
  }

  /** Whether so much was handed out that garbage should be collected before more is. */
  get isPatienceOver(): boolean {
    const { bytes, buffers } = this.#handedOut;
    return (
      buffers > this.#patience.buffers || bytes > Math.max(this.#patience.bytes, this.bytes * this.#patience.share)
    );
  }

  /** Watches over a new block. */
  watch(block: Block, buffer: Buffer): void {
    this.#buffers.set(block, new WeakRef(buffer));
  }

  /** Forgets a block that waited. */
  forget(block: Block): void {
    this.#buffers.delete(block);
  }

  take(block: Block): void {
    this.#account(block, 1);
  }

  giveBack(block: Block): void {
    this.#account(block, -1);
  }

  /** Gives up what nobody can reach. */
  collect(): void {
    if (this.#collectGarbage === undefined) return;
    this.#collectGarbage();
    for (const [block, buffer] of this.#buffers) {
      if (buffer.deref() !== undefined) continue;
      this.#account(block, -1);
      this.#buffers.delete(block);
      this.#lost(block);
    }
    this.#handedOut = { bytes: 0, buffers: 0 };
  }

  #account({ bytes, reservedBytes }: Held, sign: 1 | -1): void {
    this.count += sign;
    this.bytes += sign * bytes;
    this.#handedOut.buffers += sign;
    this.#handedOut.bytes += sign * reservedBytes;
  }
}

/** Eight sizes between powers of two, so that blocks can be used again by others of about their size. */
export function sizeClass(bytes: number, alignment: number): number {
  if (bytes <= alignment) return alignment;
  const step = Math.max(alignment, 2 ** (28 - Math.clz32(Math.min(bytes, 2 ** 31))));
  return Math.ceil(bytes / step) * step;
}

/** For messages. */
export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 24 ? 1 : 0)} MiB`;
}
