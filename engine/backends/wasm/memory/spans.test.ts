import fc from "fast-check";
import { expect, it } from "vitest";
import { type Span, Spans } from "./spans.ts";

it("hands out the smallest span that is large enough, and joins what comes back", () => {
  const spans = new Spans();
  spans.give(0, 100);
  spans.give(200, 50);
  expect(spans.take(40)).toBe(200);
  expect(spans.take(11)).toBe(0);
  expect(spans.take(90)).toBeUndefined();
  spans.give(0, 11);
  expect(spans.take(100)).toBe(0);
});

it("never hands out a byte twice, and in the end has all of them in one piece", () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(fc.array(fc.tuple(size, fc.boolean()), { maxLength: 60 }), (steps) => {
      const spans = new Spans();
      spans.give(0, 1000);
      const taken: Span[] = [];
      for (const [bytes, givesBack] of steps) {
        const start = spans.take(bytes);
        if (start === undefined) continue;
        expect(taken.every((other) => start >= other.start + other.bytes || start + bytes <= other.start)).toBe(true);
        taken.push({ start, bytes });
        if (givesBack) for (const each of taken.splice(taken.length >> 1, 1)) spans.give(each.start, each.bytes);
      }
      for (const each of taken) spans.give(each.start, each.bytes);
      expect(spans.take(1000)).toBe(0);
    }),
  );
});
