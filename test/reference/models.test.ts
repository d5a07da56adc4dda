// The architectures against torchvision: names, order and shapes of state dicts; first weights and wiring by what comes out.

import { describe, expect, it } from "vitest";
import { device, manualSeed, models, type nn, noGrad, onMeta, rand } from "#engine";
import { expectClose, readGolden } from "./golden.ts";

const golden = readGolden<{
  readonly states: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
  readonly logits: Readonly<Record<string, readonly (readonly number[])[]>>;
  readonly prints: Readonly<Record<string, string>>;
}>("models");

const makers: Readonly<Record<string, () => nn.Module>> = {
  alexNet: models.alexNet,
  vgg16: models.vgg16,
  vgg16BatchNorm: () => models.vgg16({ batchNorm: true }),
  vgg19: models.vgg19,
  vgg19BatchNorm: () => models.vgg19({ batchNorm: true }),
  googLeNet: models.googLeNet,
  resNet18: models.resNet18,
  resNet34: models.resNet34,
  resNet50: models.resNet50,
  resNet101: models.resNet101,
  resNet152: models.resNet152,
  denseNet121: models.denseNet121,
};

describe("the models that torchvision has", () => {
  it("are all here", () => {
    expect(Object.keys(golden.states)).toEqual(Object.keys(makers));
  });

  it.each(Object.entries(golden.states))("%s: names, order and shapes of the state dict", (name, expected) => {
    const state = onMeta(makers[name]!).stateDict();
    expect(Object.keys(state)).toEqual(Object.keys(expected));
    expect(Object.fromEntries(Object.entries(state).map(([key, tensor]) => [key, tensor.shape]))).toEqual(expected);
  });

  it.each(Object.entries(golden.prints))("%s prints as in PyTorch", (name, expected) => {
    expect(String(onMeta(makers[name]!))).toBe(expected);
  });

  const small: Readonly<Record<string, () => nn.Module>> = {
    googLeNet: () => models.googLeNet({ numClasses: 5, dropout: 0 }),
    resNet18: () => models.resNet18({ numClasses: 5 }),
    resNet50: () => models.resNet50({ numClasses: 5 }),
    denseNet121: () => models.denseNet121({ numClasses: 5 }),
  };

  it.each(Object.entries(golden.logits))(
    "%s: what images become with the first weights of seed 0",
    (name, expected) => {
      manualSeed(0);
      const model = small[name]!();
      manualSeed(1);
      const logits = noGrad(() => model.forward(rand([2, 3, 64, 64])));
      // Normal numbers agree to 1e-6 at first; batch normalisation of few pixels makes differences larger, layer by layer.
      // Fifty layers deep, another order of sums shows.
      expectClose(logits.dataSync(), expected.flat(), device() === "webgpu" ? 3e-4 : 1e-4);
    },
    30_000,
  );
});
