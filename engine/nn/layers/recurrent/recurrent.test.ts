import { describe, expect, it } from "vitest";
import { gradcheck, gradgradcheck, manualSeed, nn, noGrad, onMeta, randn, type Tensor, zeros } from "../../../index.ts";

const layers = {
  RNN: () => new nn.RNN(2, 3, { bidirectional: true, numLayers: 2 }),
  GRU: () => new nn.GRU(2, 3, { bidirectional: true, batchFirst: true }),
  "GRU without biases": () => new nn.GRU(2, 3, { bias: false }),
  LSTM: () => new nn.LSTM(2, 3, { bidirectional: true }),
};

/** Output and last states in one tensor. */
function all(given: readonly unknown[]): Tensor {
  const [output, state] = given as readonly [Tensor, Tensor | readonly Tensor[]];
  const states = Array.isArray(state) ? (state as readonly Tensor[]) : [state as Tensor];
  return states.reduce((sum, each) => sum.add(each.sum()), output.mul(output));
}

describe.each(Object.entries(layers))("%s", (_, make) => {
  it("has gradients, and gradients of gradients, with respect to its input", () => {
    manualSeed(2);
    const layer = make();
    const x = randn([2, 1, 2], { requiresGrad: true });
    const fn = (input: Tensor) => all(layer.forward(input));
    expect(gradcheck(fn, [x])).toBe(true);
    expect(gradgradcheck(fn, [x], { atol: 5e-3, rtol: 2e-2 })).toBe(true);
  });

  it("computes the same with and without gradients, and its shapes alone", () => {
    const layer = make();
    const x = randn([3, 2, 2]);
    const recorded = all(layer.forward(x));
    expect(noGrad(() => all(layer.forward(x))).toArraySync()).toEqual(recorded.toArraySync());
    expect(onMeta(() => all(layer.forward(zeros([3, 2, 2])))).shape).toEqual(recorded.shape);
  });

  it("walks without a batch as with a batch of one", () => {
    const layer = make();
    const x = randn([3, 2]);
    const batched = layer.forward(x.unsqueeze(layer.batchFirst ? 0 : 1))[0].flatten();
    expect(layer.forward(x)[0].flatten().toArraySync()).toEqual(batched.toArraySync());
  });
});

it("passes gradients on through hooks of its outputs", () => {
  const layer = new nn.LSTM(2, 3);
  const x = randn([4, 1, 2], { requiresGrad: true });
  const [output, [h]] = layer.forward(x);
  const seen: (readonly number[])[] = [];
  output.registerHook((grad) => {
    seen.push(grad.shape);
    return zeros(grad.shape);
  });
  h.registerHook((grad) => zeros(grad.shape));
  output.sum().add(h.sum()).backward();
  expect(seen).toEqual([[4, 1, 3]]);
  expect(x.grad?.abs().sum().itemSync()).toBe(0);
});
