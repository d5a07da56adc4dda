import { describe, expect, it } from "vitest";
import { arange, GradError, noGrad, ones, tensor, zeros } from "../index.ts";

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true });

describe("methods that work in place", () => {
  it("change the tensor and give it back", () => {
    const x = ones([2]);
    expect(
      x
        .add_(1)
        .mul_(3)
        .sub_(tensor([0, 1]))
        .div_(2),
    ).toBe(x);
    expect(x.toArraySync()).toEqual([3, 2.5]);
    expect(x.fill_(7).toArraySync()).toEqual([7, 7]);
    expect(x.copy_(arange(2)).toArraySync()).toEqual([0, 1]);
    expect(x.zero_().toArraySync()).toEqual([0, 0]);
  });

  it("take a step of gradient descent inside noGrad", () => {
    const w = leaf(1, 2);
    w.mul(w).sum().backward();
    noGrad(() => w.sub_(w.grad!.mul(0.25)));
    expect(w.toArraySync()).toEqual([0.5, 1]);
    expect(w.requiresGrad && w.isLeaf).toBe(true);
  });

  it("write where an index reads", () => {
    expect(() => arange(6).reshape(2, 3).indexPut_([0], 9)).toThrow("indexPut_: a view");
    const y = zeros([2, 3]);
    y.indexPut_([0, "1:"], 5).indexPut_([":", 0], tensor([1, 2]));
    expect(y.toArraySync()).toEqual([
      [1, 5, 5],
      [2, 0, 0],
    ]);
    expect(y.indexPut_([y.gt(1)], -1).toArraySync()).toEqual([
      [1, -1, -1],
      [-1, 0, 0],
    ]);
    expect(() => y.indexPut_([5], 0)).toThrow("at: index 5 is out of range");
  });

  it("are recorded, and leave what earlier ops kept as it was", () => {
    const x = leaf(3);
    const y = x.mul(1);
    const square = y.mul(y);
    y.mul_(10);
    square.add(y).sum().backward();
    expect(x.grad?.toArraySync()).toEqual([6 + 10]);
  });

  it("refuse leaves that are being recorded, views, other shapes and dtypes", () => {
    expect(() => leaf(1).add_(1)).toThrow(GradError);
    expect(() => leaf(1).add_(1)).toThrow("add_: a leaf that requires a gradient, [1], cannot be changed in place");
    expect(() => ones([2, 2]).at(0).fill_(3)).toThrow("fill_: a view of shape [2] shares its elements");
    expect(() => leaf(1).detach().zero_()).toThrow("zero_: a view");
    expect(leaf(1).detach().clone().zero_().toArraySync()).toEqual([0]);
    expect(() => ones([1]).add_(ones([2]))).toThrow("add_: the result has another shape, tensor [1], result [2]");
    expect(() => arange(3).div_(2)).toThrow("div_: the result is float32, the tensor int32");
    expect(() => ones([2]).copy_(ones([3]))).toThrow("expand");
  });
});
