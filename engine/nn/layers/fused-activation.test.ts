import { describe, expect, it } from "vitest";
import { watchOnMeta } from "../../backends/meta/meta-backend.ts";
import { manualSeed, nn, ones, randn, type Tensor } from "../../index.ts";

const activations = [nn.Tanh, nn.Sigmoid, nn.ReLU];
const layers = [
  ["Linear", () => new nn.Linear(5, 7), [4, 5]],
  ["Linear of sequences, without a bias", () => new nn.Linear(5, 7, { bias: false }), [2, 3, 5]],
  ["Conv2d", () => new nn.Conv2d(3, 10, 3, { padding: 1 }), [2, 3, 8, 9]],
  ["Conv2d with stride", () => new nn.Conv2d(2, 3, 2, { stride: 2, groups: 1 }), [2, 5, 5]],
] as const;

describe("Sequential computes an activation with the layer before it", () => {
  const combinations = layers.flatMap(([name, make, shape]) =>
    activations.map((Activation) => [name, Activation, make, shape] as const),
  );

  it.each(combinations)("%s and %o: the same values and gradients", (_, Activation, make, shape) => {
    manualSeed(1);
    const [layer, activation] = [make() as nn.AnyModule & { forward(x: Tensor): Tensor }, new Activation()];
    const x = randn(shape);
    const gradientsOf = (forward: (x: Tensor) => Tensor) => {
      const input = x.detach();
      input.requiresGrad = true;
      const output = forward(input);
      output.mul(output).sum().backward();
      const gradients = [input, ...layer.parameters()].map(({ grad }) => [...grad!.dataSync()]);
      layer.zeroGrad();
      return [[...output.dataSync()], ...gradients];
    };
    const model = new nn.Sequential(layer, activation);
    const fused = gradientsOf((input) => model.forward(input));
    const apart = gradientsOf((input) => activation.forward(layer.forward(input)));
    for (const [i, values] of fused.entries()) {
      for (const [j, value] of values.entries()) expect(value).toBeCloseTo(apart[i]![j]!, 5);
    }
  });

  const opsOf = (model: nn.Sequential, x: Tensor) => {
    const ops: string[] = [];
    watchOnMeta(
      (op) => ops.push(op),
      () => model.forward(x),
    );
    return ops;
  };

  it("in one op", () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
    expect(opsOf(model, ones([4, 2]))).toEqual(["linear", "linear"]);
  });

  it("unless somebody looks at what lies between them", () => {
    class Looking extends nn.Linear {
      override forward(x: Tensor): Tensor {
        return super.forward(x);
      }
    }
    const own = new nn.Sequential(new Looking(2, 3), new nn.ReLU());
    expect(opsOf(own, ones([4, 2]))).toEqual(["linear", "relu"]);
    for (const hooked of [0, 1]) {
      const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
      const handle = model.at(hooked).registerForwardHook(() => undefined);
      expect(opsOf(model, ones([4, 2]))).toEqual(["linear", "relu"]);
      handle.remove();
      expect(opsOf(model, ones([4, 2]))).toEqual(["linear"]);
    }
  });
});
