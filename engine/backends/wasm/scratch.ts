// Space that kernels use while they run, one region for each part of a job: kept from call to call, as large as was ever
// asked for.

import type { Heap } from "./memory/heap.ts";

interface Region {
  readonly address: number;
  readonly bytes: number;
}

export class Scratch {
  readonly #heap: Heap;
  readonly #regions: (Region | undefined)[] = [];

  constructor(heap: Heap) {
    this.#heap = heap;
  }

  /** The address of `bytes` bytes that part number `part` may use until its job ends. */
  address(part: number, bytes: number): number {
    const region = this.#regions[part];
    if (region !== undefined && region.bytes >= bytes) return region.address;
    // Forgotten first: who is stopped in between may lose a region, but never has one that is somebody else's.
    delete this.#regions[part];
    if (region !== undefined) this.#heap.free(region.address, region.bytes);
    const address = this.#heap.reserve(bytes);
    this.#regions[part] = { address, bytes };
    return address;
  }

  /** What lies at an address of a region. */
  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.#heap.memory.buffer, address, length);
  }
}
