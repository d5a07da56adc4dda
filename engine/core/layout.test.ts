import { describe, expect, it } from "vitest";
import { broadcastStrides, contiguousLayout, isContiguous, reshapedLayout } from "./layout.ts";

describe("a layout", () => {
  it("is contiguous when rows follow each other, wherever they start", () => {
    expect(isContiguous(contiguousLayout([2, 3]))).toBe(true);
    expect(isContiguous({ shape: [2, 3], strides: [3, 1], offset: 6 })).toBe(true);
    expect(isContiguous({ shape: [3, 2], strides: [1, 3], offset: 0 })).toBe(false);
    expect(isContiguous({ shape: [1, 3], strides: [99, 1], offset: 0 })).toBe(true);
    expect(isContiguous({ shape: [2, 0], strides: [7, 7], offset: 0 })).toBe(true);
    expect(isContiguous({ shape: [], strides: [], offset: 4 })).toBe(true);
  });

  it("stands still along dimensions that broadcast", () => {
    expect(broadcastStrides(contiguousLayout([3, 1]), [2, 3, 4])).toEqual([0, 1, 0]);
    expect(broadcastStrides({ shape: [3, 2], strides: [1, 3], offset: 0 }, [3, 2])).toEqual([1, 3]);
  });

  it("is reshaped without a copy where its groups of dimensions allow it", () => {
    // A transposed matrix has two groups of one dimension each.
    const transposed = { shape: [4, 6], strides: [1, 4], offset: 2 };
    expect(reshapedLayout(transposed, [2, 2, 6])).toEqual({ shape: [2, 2, 6], strides: [2, 1, 4], offset: 2 });
    expect(reshapedLayout(transposed, [4, 1, 2, 3])).toMatchObject({ strides: [1, expect.any(Number), 12, 4] });
    expect(reshapedLayout(transposed, [24])).toBeUndefined();
    expect(reshapedLayout(transposed, [8, 3])).toBeUndefined();
    // Every second row: rows cannot be joined, but cut.
    expect(reshapedLayout({ shape: [2, 6], strides: [12, 1], offset: 0 }, [2, 2, 3])).toMatchObject({
      strides: [12, 3, 1],
    });
    expect(reshapedLayout({ shape: [3], strides: [0], offset: 0 }, [3, 1])).toMatchObject({ shape: [3, 1] });
  });
});
