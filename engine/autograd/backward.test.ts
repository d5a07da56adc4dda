import { describe, expect, it } from "vitest";
import { GradError, type GradNode, gradcheck, isGradEnabled, memory, noGrad, ones, tensor, zeros } from "../index.ts";
import { dispatch } from "../ops/dispatch.ts";

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true });

describe("backward", () => {
  it("adds the paths that meet in one tensor", () => {
    const x = leaf(3);
    const y = x.mul(x);
    y.add(y).add(x).sum().backward();
    expect(x.grad?.toArraySync()).toEqual([13]);
  });

  it("adds to the gradient that is already there", () => {
    const x = leaf(1, 2);
    x.sum().backward();
    x.mul(2).sum().backward();
    expect(x.grad?.toArraySync()).toEqual([3, 3]);
  });

  it("refuses a second walk over a freed graph and says how to mend it", () => {
    const x = leaf(1);
    const loss = x.mul(x).sum();
    loss.backward();
    expect(() => loss.backward()).toThrow(GradError);
    expect(() => loss.backward()).toThrow("backward: the graph was freed by an earlier backward()");
  });

  it("walks twice if the graph is retained", () => {
    const x = leaf(2);
    const loss = x.mul(x).sum();
    loss.backward(undefined, { retainGraph: true });
    loss.backward();
    expect(x.grad?.toArraySync()).toEqual([8]);
  });

  it("frees what ops saved", () => {
    const x = leaf(...new Array<number>(1000).fill(1));
    const before = memory().bytes;
    const loss = x.exp().exp().sum();
    loss.backward();
    loss.dispose();
    x.grad?.dispose();
    expect((loss.gradFn as GradNode).saved).toBeUndefined();
    // The plain backend learns of unreachable tensors only when the event loop turns: both exponentials.
    expect(memory().bytes).toBeLessThanOrEqual(before + 2 * 4000);
  });

  it("survives the disposal of tensors that the tape needs", () => {
    const x = leaf(2);
    const y = x.exp();
    const z = y.mul(y).sum();
    y.dispose();
    z.backward();
    expect(x.grad?.itemSync()).toBeCloseTo(2 * Math.exp(4), 3);
  });

  it("needs a scalar, or the gradient of what it starts at", () => {
    const x = leaf(1, 2);
    expect(() => x.mul(2).backward()).toThrow("only a single element has a gradient by itself, tensor [2]");
    x.mul(2).backward(tensor([1, 10]));
    expect(x.grad?.toArraySync()).toEqual([2, 20]);
    expect(() => ones([]).backward()).toThrow("nothing was recorded");
  });

  it("stops at detached tensors", () => {
    const x = leaf(3);
    x.detach().mul(x).sum().backward();
    expect(x.grad?.toArraySync()).toEqual([3]);
  });

  it("does not descend deeper than the stack allows", () => {
    const x = leaf(1);
    let y = x.add(0);
    for (let i = 0; i < 20_000; i++) y = y.add(0);
    y.sum().backward();
    expect(x.grad?.toArraySync()).toEqual([1]);
  });
});

describe("noGrad", () => {
  it("records nothing, also in asynchronous functions until they settle", async () => {
    const x = leaf(1);
    expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false);
    const later = noGrad(async () => {
      await Promise.resolve();
      return x.mul(2);
    });
    expect(isGradEnabled()).toBe(false);
    expect((await later).requiresGrad).toBe(false);
    expect(isGradEnabled()).toBe(true);
  });

  it("ends when the function throws", async () => {
    const fail = () => {
      throw new Error("no");
    };
    expect(() => noGrad(fail)).toThrow("no");
    await expect(noGrad(async () => fail())).rejects.toThrow("no");
    expect(isGradEnabled()).toBe(true);
  });
});

describe("gradcheck", () => {
  it("names the element whose gradient is wrong", () => {
    // A detached factor hides half of the gradient of x².
    const wrong = () => gradcheck((x) => x.mul(x.detach()), [leaf(1, 2)]);
    expect(wrong).toThrow(/gradcheck: input 0 of shape \[2\], element 0: numeric 1\.08\d*, backward 0\.54/);
  });

  it("accepts ops without elements", () => {
    const empty = zeros([0, 3]);
    empty.requiresGrad = true;
    expect(gradcheck((x) => dispatch("tanh", [x], {}), [empty])).toBe(true);
  });
});
