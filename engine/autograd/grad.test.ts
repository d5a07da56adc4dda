import { describe, expect, it } from "vitest";
import { conv2d, GradError, grad, gradients, logSoftmax, manualSeed, matmul, randn, tensor } from "../index.ts";

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true });

describe("gradients", () => {
  it("are values, and leave every grad alone", () => {
    const [x, y] = [leaf(2), leaf(5)];
    const [dx, dy] = gradients(x.mul(y).sum(), [x, y]);
    expect([dx.itemSync(), dy.itemSync()]).toEqual([5, 2]);
    expect([x.grad, y.grad]).toEqual([undefined, undefined]);
  });

  it("reach tensors on the way, whose own inputs go on", () => {
    const x = leaf(3);
    const y = x.mul(x);
    const [dy, dx] = gradients(y.mul(y).sum(), [y, x]);
    expect([dy.itemSync(), dx.itemSync()]).toEqual([18, 108]);
  });

  it("have gradients when the graph is created", () => {
    const x = leaf(0.5, -1);
    const [first] = gradients(x.tanh().sum(), [x], { createGraph: true });
    const [second] = gradients(first.sum(), [x], { createGraph: true });
    const [third] = gradients(second.sum(), [x]);
    const t = [Math.tanh(0.5), Math.tanh(-1)];
    t.forEach((value, i) => {
      expect(second.toArraySync<number[]>()[i]).toBeCloseTo(-2 * value * (1 - value ** 2), 5);
      expect(third.toArraySync<number[]>()[i]).toBeCloseTo((1 - value ** 2) * (6 * value ** 2 - 2), 5);
    });
  });

  it("say which input has no part in the output, or needs none", () => {
    const [x, y] = [leaf(1), leaf(1)];
    const output = () => x.mul(2).sum();
    expect(() => gradients(output(), [x, y])).toThrow("gradients: the output does not depend on input 1");
    expect(gradients(output(), [y], { allowUnused: true })[0].toArraySync()).toEqual([0]);
    expect(() => gradients(output(), [tensor([1])])).toThrow("input 0 of shape [1] needs no gradient");
    expect(() => gradients(x.mul(tensor([1, 2])), [x])).toThrow("gradients: only a single element has a gradient");
  });

  it("train a network through the norm of its input gradient", () => {
    manualSeed(0);
    const w = randn([4, 3], { requiresGrad: true });
    const x = randn([2, 4], { requiresGrad: true });
    const score = matmul(x, w).tanh().sum();
    const [slope] = gradients(score, [x], { createGraph: true });
    slope.mul(slope).sum().backward();
    expect(w.grad?.shape).toEqual([4, 3]);
    expect(w.grad!.abs().sum().itemSync()).toBeGreaterThan(0);
  });
});

describe("grad", () => {
  it("gives derivatives of any order", () => {
    const sine = (x: ReturnType<typeof tensor>) => x.pow(5);
    let f = sine;
    const found = [1, 2, 3, 4].map(() => {
      f = grad(f);
      return f(tensor(2)).itemSync();
    });
    expect(found).toEqual([80, 160, 240, 240]);
  });

  it("does not track its argument outside", () => {
    const x = tensor([1, 2]);
    expect(grad((v) => v.mul(v).sum())(x).toArraySync()).toEqual([2, 4]);
    expect(x.requiresGrad).toBe(false);
  });

  it("passes other arguments on", () => {
    const loss = (w: ReturnType<typeof tensor>, x: ReturnType<typeof tensor>, y: number) =>
      w.mul(x).sum().sub(y).pow(2);
    expect(grad(loss)(tensor([1, 1]), tensor([2, 3]), 4).toArraySync()).toEqual([4, 6]);
  });

  it("goes through convolutions and softmax twice", () => {
    manualSeed(1);
    const kernel = randn([2, 1, 3, 3]);
    const f = (x: ReturnType<typeof tensor>) => logSoftmax(conv2d(x, kernel).flatten(1), 1).select(1, 0).sum();
    const curvature = grad((x) => grad(f)(x).mul(grad(f)(x)).sum());
    expect(curvature(randn([1, 1, 4, 4])).shape).toEqual([1, 1, 4, 4]);
  });
});

describe("hooks", () => {
  it("see the whole gradient of a tensor once, and may replace it", () => {
    const x = leaf(1, 2);
    const y = x.mul(3);
    const seen: unknown[] = [];
    y.registerHook((g) => {
      seen.push(g.toArraySync());
    });
    const clipped = x.registerHook((g) => g.mul(0.5));
    y.add(y).sum().backward();
    expect(seen).toEqual([[2, 2]]);
    expect(x.grad?.toArraySync()).toEqual([3, 3]);
    clipped[Symbol.dispose]();
    x.grad = undefined;
    x.mul(3).sum().backward();
    expect(x.grad).toMatchObject({ shape: [2] });
    expect((x.grad as unknown as ReturnType<typeof tensor>).toArraySync()).toEqual([3, 3]);
  });

  it("may keep what they saw", () => {
    const x = leaf(4);
    let kept: ReturnType<typeof tensor> | undefined;
    const y = x.mul(x);
    y.registerHook((g) => {
      kept = g;
    });
    y.sum().backward();
    expect(kept!.toArraySync()).toEqual([1]);
  });

  it("let a tensor on the way keep its gradient", () => {
    const x = leaf(2);
    const y = x.mul(x);
    y.retainGrad();
    y.mul(3).sum().backward();
    expect(y.grad?.toArraySync()).toEqual([3]);
    expect(() => tensor([1]).retainGrad()).toThrow(GradError);
  });
});

describe("the graph", () => {
  it("prints as a tree", () => {
    const x = leaf(1, 2);
    const y = x.mul(x).add(x);
    expect(String(y.sum().gradFn)).toBe(
      [
        "SumBackward",
        "└─ AddBackward",
        "   ├─ MulBackward",
        "   │  ├─ leaf [2]",
        "   │  └─ leaf [2]",
        "   └─ leaf [2]",
      ].join("\n"),
    );
  });
});
