// Pixels → PNG file, for the bitmaps inside figures (image grids). Not the rasteriser of whole figures: that is svg/rasterise.ts.
// Format: https://www.w3.org/TR/png-3/, 8-bit RGBA, no filtering, one IDAT.

import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const RGBA_8_BIT = [8, 6, 0, 0, 0];

/** @param rgba four bytes a pixel, row by row. */
export function encodePng(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set(RGBA_8_BIT, 8);
  // Each row starts with its filter type, 0: none.
  const rows = Buffer.alloc(height * (width * 4 + 1));
  for (let row = 0; row < height; row++) {
    rows.set(rgba.subarray(row * width * 4, (row + 1) * width * 4), row * (width * 4 + 1) + 1);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

/** Width and height in pixels, read from the header. */
export function pngSize(png: Uint8Array): { readonly width: number; readonly height: number } {
  const header = Buffer.from(png);
  if (!header.subarray(0, 8).equals(SIGNATURE)) throw new TypeError("pngSize: not a PNG file");
  return { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
}
