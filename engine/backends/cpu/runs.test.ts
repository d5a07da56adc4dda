import { describe, expect, it } from "vitest";
import { contiguousLayout } from "../../core/layout.ts";
import { eachRun } from "./runs.ts";

/** Every run as [length, output start, operand starts, operand strides]. */
function runsOf(shape: number[], ...operands: number[][]): unknown[] {
  const runs: unknown[] = [];
  eachRun(shape, operands.map(contiguousLayout), (n, start, offsets, strides) =>
    runs.push([n, start, [...offsets], [...strides]]),
  );
  return runs;
}

describe("runs of a broadcast", () => {
  it("are one for equal shapes and scalars", () => {
    expect(runsOf([2, 3, 4], [2, 3, 4], [])).toEqual([[24, 0, [0, 0], [1, 0]]]);
  });

  it("are a row each for a repeated row, and stand still along a repeated column", () => {
    expect(runsOf([2, 3], [3], [2, 1])).toEqual([
      [3, 0, [0, 0], [1, 0]],
      [3, 3, [0, 1], [1, 0]],
    ]);
  });

  it("start over where an outer dimension wraps", () => {
    expect(runsOf([2, 2, 2], [2, 1, 2]).map((run) => (run as [number, number, number[]])[2])).toEqual([
      [0],
      [0],
      [2],
      [2],
    ]);
  });

  it("are one of length 1 for scalars and none for nothing", () => {
    expect(runsOf([], [])).toEqual([[1, 0, [0], [1]]]);
    expect(runsOf([0, 3], [3])).toEqual([]);
    expect(runsOf([3, 0], [3, 1])).toEqual([]);
  });
});
