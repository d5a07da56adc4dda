// The elements behind one or more tensors, counted: a buffer goes back to its backend when the last tensor (or the tape)
// lets go, or when the garbage collector finds that nobody holds it. Elements never change once an op has written them,
// so sharing is always safe.

import type { Backend, BackendBuffer } from "../backends/backend.ts";
import { context } from "../core/context.ts";
import { type DType, sizeBytesOf } from "../core/dtype.ts";

export class Storage {
  readonly backend: Backend;
  readonly dtype: DType;
  readonly sizeBytes: number;
  readonly buffer: BackendBuffer;
  #references = 1;

  /** Elements of arbitrary content on the current backend. */
  constructor(dtype: DType, size: number) {
    const backend = context.backend;
    const buffer = backend.allocate(dtype, size);
    this.backend = backend;
    this.dtype = dtype;
    this.sizeBytes = backend.holdsElements ? sizeBytesOf(dtype, size) : 0;
    this.buffer = buffer;
    context.memory.open(this, this.sizeBytes, backend.garbageCollected ? undefined : () => backend.release(buffer));
  }

  retain(): this {
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references > 0) return;
    context.memory.release(this, this.sizeBytes);
    this.backend.release(this.buffer);
  }
}
