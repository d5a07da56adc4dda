// Released typed arrays, kept by dtype and exact length: a training step asks for the same sizes again and again.
// Bounded; what does not fit is left to the garbage collector. Used by plain-backend.ts.

import { allocateArray, type DType, type TypedArray } from "../../core/dtype.ts";

const limitBytes = 256 * 2 ** 20;
// Below this a fresh array costs less than the look-up.
const smallestLength = 64;

export class BufferPool {
  readonly #free: Record<DType, Map<number, TypedArray[]>> = { float32: new Map(), int32: new Map(), bool: new Map() };
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  take(dtype: DType, length: number): TypedArray {
    const array = length < smallestLength ? undefined : this.#free[dtype].get(length)?.pop();
    if (array === undefined) return allocateArray(dtype, length);
    this.#sizeBytes -= array.byteLength;
    return array;
  }

  give(array: TypedArray): void {
    if (array.length < smallestLength || this.#sizeBytes + array.byteLength > limitBytes) return;
    const shelf = this.#free[dtypeOf(array)];
    const arrays = shelf.get(array.length);
    if (arrays === undefined) shelf.set(array.length, [array]);
    else arrays.push(array);
    this.#sizeBytes += array.byteLength;
  }
}

function dtypeOf(array: TypedArray): DType {
  if (array instanceof Float32Array) return "float32";
  return array instanceof Int32Array ? "int32" : "bool";
}
