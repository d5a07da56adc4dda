// First weights against PyTorch: uniform ones bit for bit, normal ones to 1e-6, and as many random numbers used.

import { describe, expect, it } from "vitest";
import { full, manualSeed, nn, rand, type Tensor } from "#engine";
import { expectClose, expectGolden, type Golden, readGolden, toTensor } from "./golden.ts";

interface Row {
  readonly fn: string;
  readonly shape: readonly number[];
  readonly args: readonly unknown[];
  readonly exact: boolean;
  readonly values: Golden;
  readonly next: readonly number[];
}

describe("nn.init is PyTorch's", () => {
  it.each(readGolden<readonly Row[]>("init"))("$fn $shape $args", ({ fn, shape, args, exact, values, next }) => {
    manualSeed(11);
    const tensor = full(shape, 9);
    const init = nn.init[fn as "zeros_"] as (tensor: Tensor, ...args: unknown[]) => Tensor;
    expect(init(tensor, ...args)).toBe(tensor);
    if (exact) expect(tensor.dataSync()).toEqual(toTensor(values).dataSync());
    else expectGolden(tensor, values, 2e-6);
    expectClose(rand([2]).dataSync(), next, 1e-7);
  });
});
