// Elements of tensors as words of the GPU: floats and integers are their bits, a bool is a word that is 0 or 1.

import type { DType, TypedArray } from "../../core/dtype.ts";

/** A copy. */
export function toWords(values: TypedArray): Uint32Array<ArrayBuffer> {
  if (values instanceof Uint8Array) return Uint32Array.from(values);
  return new Uint32Array(values.buffer, values.byteOffset, values.length).slice();
}

/** The words themselves where they are numbers. */
export function fromWords(words: Uint32Array<ArrayBuffer>, dtype: DType): TypedArray {
  if (dtype === "float32") return new Float32Array(words.buffer, words.byteOffset, words.length);
  if (dtype === "int32") return new Int32Array(words.buffer, words.byteOffset, words.length);
  return Uint8Array.from(words);
}
