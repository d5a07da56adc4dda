import { describe, expect, it } from "vitest";
import { tensorsLeftBy } from "../../../test/tensors-left.ts";
import { nn, noGrad, ones, optim, type Tensor } from "../../index.ts";

describe("Sequential frees what lies between its layers", () => {
  const network = () => new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Identity(), new nn.Linear(3, 1));

  it("and neither its input nor its output", () => {
    const [model, x] = [network(), ones([4, 2])];
    const outputs: Tensor[] = [];
    expect(tensorsLeftBy(() => outputs.push(noGrad(() => model.forward(x))))).toBe(1);
    expect([x, ...outputs].some(({ isDisposed }) => isDisposed)).toBe(false);
    const identity = new nn.Sequential(new nn.Identity(), new nn.Identity());
    expect(identity.forward(x)).toBe(x);
    expect(x.isDisposed).toBe(false);
  });

  it("but not what a hook or a layer of the user's has seen", () => {
    const [model, seen] = [network(), [] as Tensor[]];
    model.at(1).registerForwardHook((_, [given], output) => {
      seen.push(given, output);
    });
    class Looking extends nn.Tanh {
      override forward(x: Tensor): Tensor {
        const output = super.forward(x);
        seen.push(x, output);
        return output;
      }
    }
    new nn.Sequential(new nn.Linear(2, 3), new Looking(), new nn.Linear(3, 1)).forward(ones([1, 2]));
    model.forward(ones([1, 2]));
    expect(seen.map(({ isDisposed }) => isDisposed)).toEqual([false, false, false, false]);
  });
});

describe("zeroGrad frees gradients", () => {
  it("but not those that somebody has asked for", () => {
    const layer = new nn.Linear(2, 1);
    const optimizer = new optim.SGD(layer.parameters(), { lr: 0.1 });
    layer
      .forward(ones([1, 2]))
      .sum()
      .backward();
    const seen = layer.weight.grad!;
    const unseen = layer.bias!.peekGrad()!;
    optimizer.zeroGrad();
    expect([unseen.isDisposed, seen.isDisposed]).toEqual([true, false]);
    expect(seen.toArraySync()).toEqual([[1, 1]]);
  });
});
