// Functions that are composed of ops: their gradients, and the gradients of those, against central differences. The rules
// of the ops are proved beside; here it is that the compositions do not lose a path, or make 0 · ∞ on one.

import { describe, expect, it } from "vitest";
import { cumprod, einsum, gradcheck, gradgradcheck, manualSeed, nn, randn, type Tensor, tensor } from "#engine";

const F = nn.functional;
const index = (...values: number[]) => tensor(values, { dtype: "int32" });
const normal = (...shape: number[]) => randn(shape, { requiresGrad: true });
/** Away from kinks at whole numbers and from each other. */
const spread = () =>
  tensor(
    [
      [-2.3, 0.4, 1.6],
      [-0.7, 3.4, 5.3],
    ],
    { requiresGrad: true },
  );
const zerosAmong = () =>
  tensor(
    [
      [2, 0, 1.5],
      [0, 0, 1],
      [1, -2, 0.5],
    ],
    { requiresGrad: true },
  );

const functions: Readonly<Record<string, readonly [fn: (...inputs: Tensor[]) => Tensor, inputs: () => Tensor[]]>> = {
  leakyRelu: [(x) => F.leakyRelu(x!), () => [spread()]],
  prelu: [(x, weight) => F.prelu(x!, weight!), () => [spread(), normal(3)]],
  elu: [(x) => F.elu(x!, 1.5), () => [spread()]],
  selu: [(x) => F.selu(x!), () => [spread()]],
  gelu: [(x) => F.gelu(x!), () => [normal(2, 3)]],
  "gelu, tanh": [(x) => F.gelu(x!, { approximate: "tanh" }), () => [normal(2, 3)]],
  silu: [(x) => F.silu(x!), () => [normal(2, 3)]],
  mish: [(x) => F.mish(x!), () => [normal(2, 3)]],
  softplus: [(x) => F.softplus(x!, { beta: 2 }), () => [normal(2, 3)]],
  softsign: [(x) => F.softsign(x!), () => [spread()]],
  hardSigmoid: [(x) => F.hardSigmoid(x!), () => [spread()]],
  logSigmoid: [(x) => F.logSigmoid(x!), () => [normal(2, 3)]],
  glu: [(x) => F.glu(x!), () => [normal(2, 4)]],
  "clamp, tensors": [(x, min) => x!.clamp({ min: min!, max: 3 }), () => [spread(), tensor([-1.1, 0, 0.1])]],
  lerp: [(a, b, w) => a!.lerp(b!, w!), () => [normal(2, 3), normal(3), normal(2, 1)]],
  rsqrt: [(x) => x!.exp().rsqrt(), () => [normal(3)]],
  std: [(x) => x!.std(1), () => [normal(2, 4)]],
  "variance of all": [(x) => x!.var(undefined, { correction: 0 }), () => [normal(2, 3)]],
  "norm 2": [(x) => x!.norm(2, 1), () => [normal(2, 3)]],
  "norm 3": [(x) => x!.norm(3), () => [spread()]],
  "norm ∞": [(x) => x!.norm(Infinity, 0), () => [spread()]],
  logsumexp: [(x) => x!.logsumexp([0, 1]), () => [normal(2, 3)]],
  "cumprod with zeros": [(x) => cumprod(x!, 1), () => [zerosAmong()]],
  "prod with zeros": [(x) => x!.prod(1), () => [zerosAmong()]],
  sort: [(x) => x!.sort({ descending: true }).values.mul(x!), () => [spread()]],
  median: [(x) => x!.median(1).values, () => [spread()]],
  roll: [(x) => x!.roll([1, 2], [0, 1]).mul(x!), () => [normal(2, 3)]],
  unfold: [(x) => x!.unfold(1, 2, 1).tanh(), () => [normal(2, 4)]],
  diagonal: [(x) => x!.diagonal(-1).exp(), () => [normal(3, 3)]],
  "pad, reflect": [(x) => F.pad(x!, [2, 1], { mode: "reflect" }).tanh(), () => [normal(1, 3)]],
  einsum: [
    (a, b, c) => einsum("iji,jk,...k->...i", a!, b!, c!),
    () => [normal(2, 3, 2), normal(3, 2), normal(2, 1, 2)],
  ],
  conv1d: [(x, w) => F.conv1d(x!, w!, { padding: "same", groups: 2 }).tanh(), () => [normal(1, 2, 4), normal(2, 1, 2)]],
  convTranspose2d: [
    (x, w) => F.convTranspose2d(x!, w!, { stride: 2, padding: 1, outputPadding: 1 }).tanh(),
    () => [normal(1, 2, 2, 2), normal(2, 1, 3, 3)],
  ],
  adaptiveAvgPool2d: [(x) => F.adaptiveAvgPool2d(x!, [2, 3]).tanh(), () => [normal(1, 1, 3, 5)]],
  adaptiveMaxPool2d: [(x) => F.adaptiveMaxPool2d(x!.reshape(1, 1, 2, 3), [1, 2]).tanh(), () => [spread()]],
  "unfold and fold": [(x) => F.fold(F.unfold(x!, 2).tanh(), [3, 3], 2), () => [normal(1, 1, 3, 3)]],
  "interpolate, linear": [
    (x) => F.interpolate(x!, { scaleFactor: 1.7, mode: "linear" }).tanh(),
    () => [normal(1, 1, 4)],
  ],
  "interpolate, nearest": [(x) => F.interpolate(x!, { size: 5, mode: "nearest" }).tanh(), () => [normal(1, 1, 3)]],
  "crossEntropy, smoothed": [
    (x) => F.crossEntropy(x!, index(1, -100, 2), { labelSmoothing: 0.1, weight: tensor([1, 2, 0.5]) }),
    () => [normal(3, 3)],
  ],
  "crossEntropy, probabilities": [(x, p) => F.crossEntropy(x!, p!.softmax(1)), () => [normal(2, 3), normal(2, 3)]],
};

describe("gradients of compositions agree with central differences, in first and second order", () => {
  it.each(Object.keys(functions))("%s", (name) => {
    manualSeed(3);
    const [fn, inputs] = functions[name]!;
    expect(gradcheck(fn, inputs())).toBe(true);
    expect(gradgradcheck(fn, inputs(), { atol: 5e-3, rtol: 2e-2 })).toBe(true);
  });
});
