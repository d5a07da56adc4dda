// Space that kernels use while they run, one region for each part of a job: kept from call to call, as large as was ever
// asked for.

import type { Heap } from "./memory/heap.ts";
import type { HeapBuffer } from "./memory/heap-buffer.ts";

export class Scratch {
  readonly #heap: Heap;
  readonly #regions: HeapBuffer[] = [];

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** The address of `bytes` bytes that part number `part` may use until its job ends. */
  address(part: number, bytes: number): number {
    const region = this.#regions[part];
    if (region !== undefined && region.block.bytes >= bytes) return region.address;
    // In this order: what is given back first may be what comes.
    if (region !== undefined) this.#heap.release(region);
    const larger = this.#heap.allocate("bool", bytes, false);
    this.#regions[part] = larger;
    return larger.address;
  }
}
