import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { encodePng, pngSize } from "./encode-png.ts";

test("a PNG has its size in the header and its pixels, row by row, in the data", () => {
  const rgba = Uint8Array.from({ length: 2 * 3 * 4 }, (_, index) => index);
  const png = Buffer.from(encodePng(rgba, 2, 3));
  expect(pngSize(png)).toEqual({ width: 2, height: 3 });
  const start = png.indexOf("IDAT") + 4;
  const rows = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
  expect([...rows]).toEqual([0, ...rgba.subarray(0, 8), 0, ...rgba.subarray(8, 16), 0, ...rgba.subarray(16)]);
});

test("what is no PNG has no size", () => {
  expect(() => pngSize(Uint8Array.of(1, 2, 3))).toThrow("not a PNG");
});
