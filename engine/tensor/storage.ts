// The elements behind one or more tensors, counted: a buffer goes back to its backend when the last tensor (or the tape)
// lets go, or by itself when nobody can reach it. Elements never change once an op has written them,
// so sharing is always safe.

import type { Backend, BackendBuffer } from "../backends/backend.ts";
import type { DType } from "../core/dtype.ts";
import { RoomError } from "../core/errors.ts";
import { type Shape, sizeOf } from "../core/shape.ts";

export class Storage {
  readonly backend: Backend;
  readonly dtype: DType;
  readonly buffer: BackendBuffer;
  /** Elements. */
  readonly size: number;
  #references = 1;

  /** Elements of arbitrary content. */
  constructor(backend: Backend, dtype: DType, size: number) {
    this.backend = backend;
    this.dtype = dtype;
    this.size = size;
    this.buffer = this.backend.allocate(dtype, size);
  }

  /** For the elements of a tensor that `op` makes. Throws a RoomError with its name where the device has no room. */
  static of(op: string, backend: Backend, shape: Shape, dtype: DType): Storage {
    try {
      return new Storage(backend, dtype, sizeOf(shape));
    } catch (error) {
      throw error instanceof RoomError ? error.naming(op, shape, dtype) : error;
    }
  }

  retain(): this {
    this.#references++;
    return this;
  }

  release(): void {
    if (--this.#references === 0) this.backend.release(this.buffer);
  }
}
