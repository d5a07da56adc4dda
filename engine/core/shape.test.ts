import { describe, expect, it } from "vitest";
import { broadcastShapes, reducedShape, resolveDim, stridesOf } from "./shape.ts";

describe("shapes", () => {
  it("have row-major strides", () => {
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
    expect(stridesOf([])).toEqual([]);
  });

  it("broadcast from the last dimension on", () => {
    expect(broadcastShapes([2, 1, 4], [3, 1])).toEqual([2, 3, 4]);
    expect(broadcastShapes([], [2])).toEqual([2]);
    expect(broadcastShapes([0, 3], [1, 3])).toEqual([0, 3]);
    expect(broadcastShapes([2], [3])).toBeUndefined();
    expect(broadcastShapes([0], [2])).toBeUndefined();
  });

  it("count dimensions from the end when negative", () => {
    expect(resolveDim(-1, 3)).toBe(2);
    expect(resolveDim(0, 0)).toBe(0);
    expect(resolveDim(3, 3)).toBeUndefined();
    expect(resolveDim(0.5, 3)).toBeUndefined();
  });

  it("lose or keep reduced dimensions", () => {
    expect(reducedShape([2, 3, 4], [0, 2], false)).toEqual([3]);
    expect(reducedShape([2, 3, 4], [0, 2], true)).toEqual([1, 3, 1]);
  });
});
