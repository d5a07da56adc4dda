// The IDX format of MNIST and its kin: bytes with a shape. http://yann.lecun.com/exdb/mnist/
// Header: two zeros, type (8: unsigned bytes), number of dimensions, then each size as a big-endian u32.

import { FormatError } from "../../core/errors.ts";

export interface Idx {
  readonly shape: readonly number[];
  /** A view of the file, nothing is copied. */
  readonly data: Uint8Array;
}

/** Throws FormatError unless the bytes are unsigned bytes in `dimensions` dimensions whose sizes fit the file exactly. */
export function parseIdx(caller: string, file: string, bytes: Uint8Array, dimensions: number): Idx {
  const headerBytes = 4 + 4 * dimensions;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length < headerBytes ? undefined : view.getUint32(0);
  if (magic !== 0x0800 + dimensions) {
    const got = magic === undefined ? `${bytes.length} bytes` : `0x${magic.toString(16).padStart(8, "0")}`;
    throw new FormatError(caller, `${file} is not an IDX file of bytes in ${dimensions} dimensions, got ${got}`);
  }
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  // Sizes of four dimensions can exceed what a number holds exactly; then they do not fit either.
  const sizeBytes = shape.reduce((product, length) => product * length, 1);
  if (sizeBytes !== bytes.length - headerBytes) {
    const found = bytes.length - headerBytes;
    throw new FormatError(caller, `${file} promises ${shape.join(" x ")} = ${sizeBytes} bytes, holds ${found}`);
  }
  return { shape, data: bytes.subarray(headerBytes) };
}
