// Layers start with PyTorch's weights, bit for bit, and print as PyTorch's do.

import { describe, expect, it } from "vitest";
import { manualSeed, nn } from "#engine";
import { readGolden } from "./golden.ts";

interface Layer {
  readonly name: string;
  readonly text: string;
  readonly state: Readonly<Record<string, string>>;
}

const make: Readonly<Record<string, () => nn.Module>> = {
  "Linear(3, 2)": () => new nn.Linear(3, 2),
  "Linear(784, 3)": () => new nn.Linear(784, 3),
  "Linear(5, 4, bias=False)": () => new nn.Linear(5, 4, { bias: false }),
  "Conv2d(3, 4, 3)": () => new nn.Conv2d(3, 4, 3),
  "Conv2d(4, 6, (1, 2), groups=2)": () => new nn.Conv2d(4, 6, [1, 2], { groups: 2 }),
};

describe("layers are PyTorch's", () => {
  it.each(readGolden<readonly Layer[]>("layers"))("$name", ({ name, text, state }) => {
    manualSeed(7);
    const layer = make[name]!();
    expect(layer.toString()).toBe(text);
    const bits = Object.entries(layer.stateDict()).map(([key, value]) => {
      return [key, Buffer.from(value.dataSync().buffer).toString("hex")];
    });
    expect(Object.fromEntries(bits)).toEqual(state);
  });
});
