import { describe, expect, it } from "vitest";
import { tensorsLeftBy } from "../../../../test/tensors-left.ts";
import { arange, type Index, type Tensor, tensor } from "../../../index.ts";

const x = arange(24).reshape(2, 3, 4);
const picked = (...indices: Index[]) => x.at(...indices).toArraySync();

describe("at", () => {
  it("takes positions from either end", () => {
    expect(picked(1, 2, 3)).toBe(23);
    expect(picked(-1, -3)).toEqual([12, 13, 14, 15]);
  });

  it("takes ranges as Python does, also beyond the ends", () => {
    expect(picked(0, "1:", "::2")).toEqual([
      [4, 6],
      [8, 10],
    ]);
    expect(picked(0, 0, "-3:-1")).toEqual([1, 2]);
    expect(picked(0, 0, "2:99")).toEqual([2, 3]);
    expect(x.at(":", "2:1").shape).toEqual([2, 0, 4]);
    expect(picked(0, 0, "1:4:2")).toEqual([1, 3]);
  });

  it("fills up with the ellipsis and adds dimensions for null", () => {
    expect(x.at("...", 0).shape).toEqual([2, 3]);
    expect(x.at(0, "...", 0).shape).toEqual([3]);
    expect(x.at(null, ":", "...", null).shape).toEqual([1, 2, 3, 4, 1]);
  });

  it("copies nothing for positions and ranges", () => {
    const views: Tensor[] = [];
    expect(tensorsLeftBy(() => views.push(x.at(1, "::2", "1:3")))).toBe(0);
    const view = views[0]!;
    expect(view.strides).toEqual([8, 1]);
    expect(view.offset).toBe(13);
  });

  it("picks by lists and tensors, pairwise when there are several", () => {
    expect(picked(0, [2, -3])).toEqual([
      [8, 9, 10, 11],
      [0, 1, 2, 3],
    ]);
    expect(picked(":", [0, 1], [3, -1])).toEqual([
      [3, 7],
      [15, 19],
    ]);
    const rows = tensor([[0], [2]], { dtype: "int32" });
    expect(picked(0, rows, [1, -1])).toEqual([
      [1, 3],
      [9, 11],
    ]);
    // Apart, their dimension comes first, as in NumPy.
    expect(picked([1, 0], ":", [3, 0])).toEqual([
      [15, 19, 23],
      [0, 4, 8],
    ]);
  });

  it("picks where a mask is true", () => {
    expect(picked(x.gt(20))).toEqual([21, 22, 23]);
    expect(x.at(":", tensor([true, false, true])).shape).toEqual([2, 2, 4]);
    expect(x.at(x.gt(99)).shape).toEqual([0]);
  });

  it("sends gradients back to where elements were taken", () => {
    const w = tensor([1, 2, 3, 4], { requiresGrad: true });
    w.at([0, 0, -1]).sum().backward();
    w.at("1::2").mul(10).sum().backward();
    expect(w.grad?.toArraySync()).toEqual([2, 10, 0, 11]);
  });

  it("says what does not fit", () => {
    expect(() => x.at(2)).toThrow("at: index 2 is out of range for dimension 0 of size 2, input [2, 3, 4]");
    expect(() => x.at(0, 0, 0, 0)).toThrow("at: 4 indices for 3 dimensions");
    expect(() => x.at("...", "...")).toThrow('"..." may stand only once');
    expect(() => x.at("::-1")).toThrow("Use flip to reverse a dimension.");
    expect(() => x.at("1:a" as ":")).toThrow('"1:a" is not a range');
    expect(() => x.at(0, [3])).toThrow("index 3 is out of range for dimension 1 of size 3");
    // A GPU tells what is wrong with data when it is read.
    expect(() => x.at(tensor([0, 5], { dtype: "int32" })).dataSync()).toThrow(/out of/);
    expect(() => x.at(0, tensor([3], { dtype: "int32" }), [0]).dataSync()).toThrow(/out of/);
    expect(() => x.at(tensor([0.5]))).toThrow("an index must be int32 or bool, got float32");
    expect(() => x.at(tensor([true]))).toThrow("the mask does not have the size of what it picks from");
  });
});
