import { expect, test } from "vitest";
import { sparkline } from "./sparkline.ts";

test("a falling curve falls", () => {
  expect(sparkline([7, 6, 5, 4, 3, 2, 1, 0])).toBe("█▇▆▅▄▃▂▁");
});

test("many values share the blocks, few and equal ones have a block each", () => {
  expect(sparkline(Array.from({ length: 10_000 }, (_, index) => index))).toHaveLength(24);
  expect(sparkline([3, 3])).toBe("▁▁");
  expect(sparkline([null, Number.NaN])).toBe("");
});
