// One grey photograph, to convolve. Source and licence: assets/NOTICE.md.

import { FormatError } from "../../core/errors.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { readAssetBytes } from "./asset.ts";

const size = 128;
const header = `P5\n${size} ${size}\n255\n`;

/**
 * A photograph of a flower before white, [128, 128], float32 from 0 (black) to 1 (white): dark edges in all directions.
 *
 * K. Blossfeldt, Allium ostrowskianum, 1928, public domain; digital image courtesy of the Getty's Open Content Program
 *
 * @example
 * (await data.photo()).shape; // [128, 128]
 */
export async function photo(): Promise<Tensor> {
  const bytes = await readAssetBytes("photo", "photo.pgm.gz");
  if (
    bytes.length !== header.length + size * size ||
    String.fromCharCode(...bytes.subarray(0, header.length)) !== header
  ) {
    throw new FormatError("photo", `photo.pgm.gz is not a PGM file of ${size} x ${size} pixels`);
  }
  const pixels = Float32Array.from(bytes.subarray(header.length), (value) => value / 255);
  return tensor(pixels, { shape: [size, size] });
}
