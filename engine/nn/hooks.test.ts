import { describe, expect, it } from "vitest";
import { manualSeed, nn, ones, type Tensor, tensor } from "../index.ts";

class Net extends nn.Module {
  readonly hidden = new nn.Linear(2, 3);
  readonly out = new nn.Linear(3, 1);

  override forward(x: Tensor): Tensor {
    return this.out.forward(this.hidden.forward(x).relu());
  }
}

describe("a hook", () => {
  it("sees what a layer inside was given and gave, and lets go again", () => {
    const net = new Net();
    const seen: [string, readonly number[], readonly number[]][] = [];
    const handle = net.hidden.registerForwardHook((layer, [x], output) => {
      seen.push([layer.toString(), x.shape, output.shape]);
    });
    net.forward(ones([4, 2]));
    handle.remove();
    net.forward(ones([4, 2]));
    expect(seen).toEqual([["Linear(in_features=2, out_features=3, bias=True)", [4, 2], [4, 3]]]);
    expect(Object.hasOwn(net.hidden, "forward")).toBe(false);
  });

  it("ends with the block of `using`", () => {
    const net = new Net();
    let calls = 0;
    {
      using _ = net.registerForwardHook(() => {
        calls++;
        return undefined;
      });
      net.forward(ones([1, 2]));
    }
    net.forward(ones([1, 2]));
    expect(calls).toBe(1);
  });

  it("changes inputs beforehand and outputs afterwards, in the order of registration", () => {
    const layer = new nn.Identity();
    layer.registerForwardPreHook((_, [x]) => [x.mul(10)]);
    layer.registerForwardPreHook((_, [x]) => [x.add(1)]);
    layer.registerForwardHook((_, __, output) => output.neg());
    layer.registerForwardHook((_, [x], output) => output.sub(x));
    expect(layer.forward(tensor([1, 2])).toArraySync()).toEqual([-22, -42]);
  });

  it("may be registered twice, and removed one by one in any order", () => {
    const layer = new nn.Identity();
    let calls = 0;
    const hook = () => {
      calls++;
      return undefined;
    };
    const [first, second] = [layer.registerForwardHook(hook), layer.registerForwardPreHook(hook)];
    layer.registerForwardHook(hook);
    layer.forward(ones([1]));
    first.remove();
    first.remove();
    second.remove();
    layer.forward(ones([1]));
    expect(calls).toBe(4);
  });

  it("fires for a shared module wherever it is, and puts back a forward of its own", () => {
    const shared = new nn.Tanh();
    const own = (x: Tensor) => x.add(1);
    shared.forward = own;
    const model = new nn.Sequential(shared, new nn.Identity(), shared);
    let calls = 0;
    const handle = shared.registerForwardHook(() => {
      calls++;
      return undefined;
    });
    expect(model.forward(tensor([0])).itemSync()).toBe(2);
    handle.remove();
    expect(calls).toBe(2);
    expect(shared.forward).toBe(own);
  });

  it("keeps the maps of layers in a transformer usable afterwards, and gradients go through it", () => {
    manualSeed(1);
    const layer = new nn.TransformerEncoderLayer(4, 2, { dimFeedforward: 8, dropout: 0 });
    const maps: Tensor[] = [];
    for (const inner of [layer.linear1, layer.selfAttn.outProj, layer.norm1]) {
      inner.registerForwardHook((_, __, output) => {
        maps.push(output);
      });
    }
    layer
      .forward(ones([3, 2, 4]))
      .sum()
      .backward();
    expect(maps.map(({ shape, isDisposed }) => [shape.at(-1), isDisposed])).toEqual([
      [4, false],
      [4, false],
      [8, false],
    ]);
    expect(layer.linear1.weight.grad).toBeDefined();
  });

  it("that returns something else by mistake is told", () => {
    const layer = new nn.Identity();
    const list: Tensor[] = [];
    // @ts-expect-error: a list's length is no output.
    const handle = layer.registerForwardHook((_, __, output) => list.push(output));
    expect(() => layer.forward(ones([1]))).toThrow(
      "registerForwardHook: the hook returned 1\nWhat a hook returns replaces the output; put braces around its body",
    );
    handle.remove();
    // @ts-expect-error: inputs are a list.
    layer.registerForwardPreHook((_, [x]) => x);
    expect(() => layer.forward(ones([1]))).toThrow("registerForwardPreHook: the hook returned tensor([1.])");
  });
});
