import fc from "fast-check";
import { expect, it } from "vitest";
import { Arena } from "../arena.ts";
import { defineRows } from "./rows.ts";

const arena = new Arena();
const rows = fc.record({
  length: fc.integer({ min: 0, max: 11 }),
  table: fc.integer({ min: 1, max: 5 }),
  index: fc.array(fc.nat(4), { maxLength: 20 }),
});

it.each(["indexSelect", "indexAdd"] as const)("%s moves whole rows, and writes nothing else", (op) => {
  fc.assert(
    fc.property(rows, ({ length, table, index: wished }) => {
      arena.clear();
      const numbers = wished.map((number) => number % table);
      const index = arena.place(Int32Array.from(numbers));
      const large = arena.place(Float32Array.from({ length: table * length }, (_, i) => i));
      const listed = arena.place(Float32Array.from({ length: numbers.length * length }, (_, i) => 100 + i));
      const [from, to] = op === "indexSelect" ? [large, listed] : [listed, large];
      const expected = Float32Array.from(to);
      for (const [i, number] of numbers.entries()) {
        for (let k = 0; k < length; k++) {
          if (op === "indexSelect") expected[i * length + k] = large[number * length + k]!;
          else expected[number * length + k]! += listed[i * length + k]!;
        }
      }
      const calls = [[numbers.length, length, index.byteOffset, from.byteOffset, to.byteOffset]];
      const define = (module: Parameters<typeof defineRows>[0], name: string) => defineRows(module, name, op);
      expect(arena.strayWrites([to], () => arena.run({ key: op, define, calls }))).toEqual([]);
      expect(Float32Array.from(to)).toEqual(expected);
    }),
  );
});
