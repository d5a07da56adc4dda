// A hot loop at the top level of a cell takes at most twice as long as in a function of a module.

import { expect, it } from "vitest";
import { type LoopTimes, timeLoops } from "../bench/cells/hot-loops.ts";

it("runs loops at the top level of a cell within 2× of a function", async () => {
  const all: LoopTimes[] = [];
  await timeLoops(5, (times) => all.push(times));
  expect(all.length).toBeGreaterThan(10);
  // The least disturbed run of each.
  const slow = all.filter(({ cellMs, functionMs }) => Math.min(...cellMs) > 2 * Math.min(...functionMs));
  expect(slow).toEqual([]);
});
