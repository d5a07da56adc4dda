import { expect, it } from "vitest";
import { murmur2 } from "./murmur2.ts";

// The numbers are what JupyterLab's own hash gives: packages/debugger/src/hash.ts of version 4.
it.each([
  ["", 0, 0],
  ["a", 0, 2456313694],
  ["ab", 0, 446775395],
  ["abc", 0, 324500635],
  ["abcd", 0, 646393889],
  ["let x = 1;\nx + 1", 0xc70f6907, 1337468207],
  ["const π = 'é√ 😀';", 0xc70f6907, 4287528846],
])("hashes %j with seed %d as JupyterLab does", (text, seed, hash) => {
  expect(murmur2(text, seed)).toBe(hash);
});
