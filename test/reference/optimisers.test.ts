// Optimisers walk PyTorch's path under the same gradients; clipping cuts them as PyTorch does.

import { describe, expect, it } from "vitest";
import { optim, type Tensor, tensor } from "#engine";
import { expectClose, type Golden, readGolden, toTensor } from "./golden.ts";
import { fromTorch, type TorchOptions } from "./torch-options.ts";

type Name = "SGD" | "Adagrad" | "Adadelta" | "RMSprop" | "Adam" | "AdamW" | "NAdam" | "Adamax" | "RAdam";

const golden = readGolden<{
  readonly starts: readonly Golden[];
  readonly grads: readonly (readonly (Golden | null)[])[];
  readonly rows: readonly {
    readonly name: Name;
    readonly options: TorchOptions;
    readonly groups: readonly TorchOptions[] | null;
    readonly steps: readonly (readonly number[])[];
  }[];
}>("optimisers");

const clipping = readGolden<{
  readonly grads: readonly Golden[];
  readonly norm: readonly { maxNorm: number; normType: number | "inf"; total: number; grads: readonly number[] }[];
  readonly value: readonly { clipValue: number; grads: readonly number[] }[];
}>("clipping");

const valuesOf = (tensors: readonly (Tensor | undefined)[]) => tensors.flatMap((tensor) => [...tensor!.dataSync()]);

describe("optimisers agree with PyTorch", () => {
  const title = ({ name, options, groups }: (typeof golden.rows)[number]) =>
    [name, JSON.stringify(options), ...(groups === null ? [] : [JSON.stringify(groups)])].join(" ");

  it.each(golden.rows.map((row) => [title(row), row] as const))("%s", (_, { name, options, groups, steps }) => {
    const parameters = golden.starts.map((start) => toTensor(start, { requiresGrad: true }));
    const given = groups?.map((group, index) => ({ params: [parameters[index]!], ...fromTorch(group) })) ?? parameters;
    const optimiser = new optim[name](given as Tensor[], fromTorch(options));
    golden.grads.forEach((grads, step) => {
      for (const [index, parameter] of parameters.entries()) {
        const grad = grads[index];
        parameter.grad = grad == null ? undefined : toTensor(grad);
      }
      optimiser.step();
      expectClose(valuesOf(parameters), steps[step]!, 1e-6);
    });
  });

  it("in all nine kinds, with several options each", () => {
    expect(new Set(golden.rows.map(({ name }) => name)).size).toBe(9);
    expect(golden.rows.length).toBeGreaterThanOrEqual(45);
  });
});

describe("clipping agrees with PyTorch", () => {
  const withGrads = (grads: readonly Golden[]) =>
    grads.map((grad) => {
      const parameter = tensor(0).expand(grad.shape).detach();
      parameter.requiresGrad = true;
      parameter.grad = toTensor(grad);
      return parameter;
    });

  it.each(clipping.norm)("norm $normType to $maxNorm", ({ maxNorm, normType, total, grads }) => {
    const parameters = withGrads(clipping.grads);
    const p = normType === "inf" ? Infinity : normType;
    const norm = optim.clipGradNorm(parameters, maxNorm, { normType: p });
    expectClose([norm.itemSync()], [total], 2e-6);
    expectClose(valuesOf(parameters.map(({ grad }) => grad)), grads, 2e-6);
  });

  it.each(clipping.value)("values to $clipValue", ({ clipValue, grads }) => {
    const parameters = withGrads(clipping.grads);
    optim.clipGradValue(parameters, clipValue);
    expectClose(valuesOf(parameters.map(({ grad }) => grad)), grads, 1e-7);
  });
});
