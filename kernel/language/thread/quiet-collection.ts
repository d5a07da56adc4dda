// Gives memory back when nobody asks: each answer makes a new program, and V8 leaves what the old one held, and the holes in its
// heap, until it needs the room. Collecting with compaction takes a tenth of a second or two, so it waits for quiet.

import { Session } from "node:inspector/promises";
import { getHeapStatistics } from "node:v8";

/** Whoever has stopped typing for so long is reading. */
const QUIET_MS = 2000;
/** Less than so much more than the last collection has left is not worth another one. */
const GROWTH_BYTES = 16 * 2 ** 20;

/** The heap of this thread. */
export interface Heap {
  sizeBytes(): number;
  collect(): Promise<void>;
}

export class QuietCollection {
  readonly #heap: Heap;
  #leftBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** Something was answered: the quiet begins now. */
  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#collect(), QUIET_MS).unref();
  }

  async #collect(): Promise<void> {
    if (this.#heap.sizeBytes() - this.#leftBytes < GROWTH_BYTES) return;
    await this.#heap.collect();
    this.#leftBytes = this.#heap.sizeBytes();
  }
}

export const ownHeap: Heap = {
  sizeBytes: () => getHeapStatistics().total_heap_size,
  /**
   * By V8's inspector, whose collection compacts the heap and lets go of its empty pages. The flag --expose-gc would be the whole
   * process's, and compiled code is kept for the flags with which it was made.
   */
  async collect() {
    const session = new Session();
    session.connect();
    await session.post("HeapProfiler.collectGarbage");
    session.disconnect();
  },
};
