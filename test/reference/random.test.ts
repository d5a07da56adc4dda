// The same seed gives PyTorch's random numbers, shuffles and splits.

import { describe, expect, it } from "vitest";
import { arange, data, Generator, manualSeed, rand, randint, randn, randperm } from "#engine";
import { expectClose, readGolden } from "./golden.ts";

interface Row {
  readonly seed: number;
  readonly values: readonly number[];
}

const golden = readGolden<{
  readonly uniform: readonly Row[];
  readonly normal: readonly Row[];
  readonly permutation: readonly Row[];
  readonly randint: readonly Row[];
  readonly loader: readonly { own: boolean; epochs: readonly (readonly number[])[][]; after: readonly number[] }[];
  readonly split: { readonly seed: number; readonly parts: readonly (readonly number[])[] };
}>("random");

describe("random numbers are PyTorch's", () => {
  it.each(golden.uniform)("rand with seed $seed, bit for bit, also beyond the first 624 words", ({ seed, values }) => {
    manualSeed(seed);
    expect(Array.from(rand([700]).dataSync()).filter((_, i) => i % 7 === 0)).toEqual(values);
  });

  it.each(golden.normal)("randn with seed $seed to 1e-6 ($values.length values)", ({ seed, values }) => {
    manualSeed(seed);
    expectClose(randn([values.length]).dataSync(), values, 1e-6);
  });

  it.each(golden.permutation)("randperm with seed $seed", ({ seed, values }) => {
    manualSeed(seed);
    expect(randperm(values.length).toArraySync()).toEqual(values);
  });

  it.each(golden.randint)("randint with seed $seed", ({ seed, values }) => {
    manualSeed(seed);
    expect(randint(-3, 9, [values.length]).toArraySync()).toEqual(values);
  });

  it.each(golden.loader)("DataLoader shuffles alike (own generator: $own) and leaves the generator alike", (row) => {
    manualSeed(3);
    const generator = row.own ? new Generator(11) : undefined;
    const loader = new data.DataLoader(new data.TensorDataset(arange(10)), { batchSize: 4, shuffle: true, generator });
    const epochs = row.epochs.map(() => Array.from(loader, ([batch]) => batch!.toArraySync()));
    expect(epochs).toEqual(row.epochs);
    expect(Array.from(rand([2]).dataSync())).toEqual(row.after);
  });

  it("randomSplit takes the same samples", () => {
    manualSeed(golden.split.seed);
    const parts = data.randomSplit(new data.TensorDataset(arange(10)), [7, 3]);
    expect(parts.map(({ indices }) => Array.from(indices))).toEqual(golden.split.parts);
  });
});
