import { expect, it } from "vitest";
import { forgetOldest } from "./forget-oldest.ts";

it("deletes what was added first, and nothing that fits", () => {
  const names = new Map([1, 2, 3, 4].map((number) => [number, `${number}`]));
  forgetOldest(names, 4);
  expect(names.size).toBe(4);
  names.set(1, "set again, but not added again");
  forgetOldest(names, 2);
  expect([...names.keys()]).toEqual([3, 4]);
  const seen = new Set(["a", "b", "c"]);
  forgetOldest(seen, 1);
  expect([...seen]).toEqual(["c"]);
  forgetOldest(seen, 0);
  expect(seen.size).toBe(0);
});
