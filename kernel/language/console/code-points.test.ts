import fc from "fast-check";
import { expect, it } from "vitest";
import { toCodePointOffset, toUtf16Offset } from "./code-points.ts";

it("counts an emoji as one code point and two code units", () => {
  expect(toUtf16Offset("a😀b", 2)).toBe(3);
  expect(toCodePointOffset("a😀b", 3)).toBe(2);
});

it("takes what lies beyond the end as the end", () => {
  expect(toUtf16Offset("😀", 7)).toBe(2);
  expect(toCodePointOffset("😀", 7)).toBe(1);
});

it("comes back to the same place in any text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, wish) => {
      const codePoints = Math.min(wish, [...text].length);
      const offset = toUtf16Offset(text, codePoints);
      expect(toCodePointOffset(text, offset)).toBe(codePoints);
      expect([...text].slice(0, codePoints).join("")).toBe(text.slice(0, offset));
    }),
  );
});
