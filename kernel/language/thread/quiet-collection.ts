// Gives memory back when nobody asks: each answer makes a new program, and V8 leaves what the old one held, and the holes in its
// heap, until it needs the room. Collecting with compaction takes a tenth of a second or two, so it waits for quiet.

import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Whoever has stopped typing for so long is reading. */
const QUIET_MS = 2000;
/** Less than so much more than the last collection has left is not worth another one. */
const GROWTH_BYTES = 16 * 2 ** 20;

/** The heap of this thread. */
export interface Heap {
  sizeBytes(): number;
  collect(): void;
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
    this.#timer = setTimeout(() => this.#collect(), QUIET_MS).unref();
  }

  #collect(): void {
    if (this.#heap.sizeBytes() - this.#leftBytes < GROWTH_BYTES) return;
    this.#heap.collect();
    this.#leftBytes = this.#heap.sizeBytes();
  }
}

/** Only "last-resort" compacts the heap, and lets go of its empty pages. */
type CollectAll = (options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

export function ownHeap(): Heap {
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as CollectAll;
  return {
    sizeBytes: () => getHeapStatistics().total_heap_size,
    collect: () => gc({ type: "major", execution: "sync", flavor: "last-resort" }),
  };
}
