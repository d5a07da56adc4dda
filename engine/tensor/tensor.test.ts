import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { tensorsLeftBy } from "../../test/tensors-left.ts";
import { context } from "../core/context.ts";
import { arange, DisposedError, eye, full, linspace, ones, type Tensor, tensor, zeros } from "../index.ts";

describe("a tensor", () => {
  it("is made of numbers, booleans, nested and typed arrays", () => {
    expect(tensor(3)).toMatchObject({ shape: [], dtype: "float32" });
    expect(tensor([[1, 2, 3]])).toMatchObject({ shape: [1, 3], dtype: "float32" });
    expect(tensor([true, false])).toMatchObject({ dtype: "bool" });
    expect(tensor(new Int32Array([1, 2]))).toMatchObject({ shape: [2], dtype: "int32" });
    expect(tensor(new Float64Array(6), { shape: [2, 3] })).toMatchObject({ shape: [2, 3], dtype: "float32" });
    expect(tensor([])).toMatchObject({ shape: [0] });
    expect(tensor([[], []])).toMatchObject({ shape: [2, 0] });
  });

  it("is counted, spaced or filled", () => {
    expect(arange(2, 8, 2)).toMatchObject({ dtype: "int32" });
    expect(arange(2, 8, 2).toArraySync()).toEqual([2, 4, 6]);
    expect(arange(0, 1, 0.25).toArraySync()).toEqual([0, 0.25, 0.5, 0.75]);
    expect(linspace(-1, 1, 5).toArraySync()).toEqual([-1, -0.5, 0, 0.5, 1]);
    expect(linspace(3, 4, 1).toArraySync()).toEqual([3]);
    expect(eye(2).toArraySync()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(full([2], true).toArraySync()).toEqual([true, true]);
    expect(zeros([0, 2]).toArraySync()).toEqual([]);
  });

  it("gives its elements, at once or later", async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(await x.data()).toEqual(new Float32Array([1, 2, 3, 4]));
    expect(await x.toArray<number[][]>()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(await x.sum().item()).toBe(10);
    expect(x.sum().itemSync()).toBe(10);
  });

  it("does not change when what it gave changes", () => {
    const x = ones([2]);
    x.dataSync().fill(7);
    expect(x.toArraySync()).toEqual([1, 1]);
  });

  it("meets numbers in its own dtype unless they are fractions", () => {
    const n = arange(3);
    expect(n.add(1)).toMatchObject({ dtype: "int32" });
    expect(n.mul(0.5)).toMatchObject({ dtype: "float32" });
    expect(n.div(2).toArraySync()).toEqual([0, 0.5, 1]);
    expect(n.add(tensor([0.5])).toArraySync()).toEqual([0.5, 1.5, 2.5]);
    expect(n.gt(1).mean().itemSync()).toBeCloseTo(1 / 3);
  });

  it("shares its elements with reshaped tensors", () => {
    const x = ones([64]);
    const views: Tensor[] = [];
    expect(tensorsLeftBy(() => views.push(x.reshape(8, 8)))).toBe(0);
    const y = views[0]!;
    expect(y.strides).toEqual([8, 1]);
    x.dispose();
    expect(y.sum().itemSync()).toBe(64);
  });

  it("frees its elements when told, once", () => {
    const held: Tensor[] = [];
    const make = () => held.push(ones([100]));
    const makeAndDispose = () => {
      using x = ones([100]);
      held.push(x);
      x.dispose();
    };
    expect(tensorsLeftBy(make)).toBe(1);
    expect(tensorsLeftBy(makeAndDispose)).toBe(0);
  });

  it("says so when it is used after dispose", () => {
    const x = ones([2, 2]);
    x.dispose();
    expect(() => x.add(1)).toThrow(DisposedError);
    expect(() => x.add(1)).toThrow("a tensor of shape [2, 2] was used after dispose()");
    expect(String(x)).toBe("tensor(<disposed>, shape=[2, 2])");
  });

  it("tells console.log shape, dtype, device and strides", () => {
    const { device } = context;
    expect(inspect(arange(3))).toBe(`tensor([0, 1, 2])  (shape [3], int32, ${device})`);
    expect(inspect(ones([2, 3]).t())).toBe(
      `tensor([[1., 1.],\n        [1., 1.],\n        [1., 1.]])\n(shape [3, 2], float32, ${device}, strides [1, 3])`,
    );
    expect(inspect(tensor(1.5))).toBe("tensor(1.5000)");
  });

  it("prints where its gradient comes from", () => {
    const w = tensor([1, 2.5], { requiresGrad: true });
    expect(String(w)).toBe("tensor([1.0000, 2.5000], requires_grad=True)");
    expect(String(w.mul(2))).toBe("tensor([2., 5.], grad_fn=<MulBackward>)");
  });
});
