// Tensors print as in PyTorch, character by character.

import { describe, expect, it } from "vitest";
import { type Golden, readGolden, toTensor } from "./golden.ts";

const rows = readGolden<readonly { tensor: Golden; text: string }[]>("prints");

describe("tensors print as in PyTorch", () => {
  it.each(rows.map(({ text }, i) => [text.slice(0, 60).replaceAll("\n", " "), i] as const))("%s", (_, i) => {
    const { tensor, text } = rows[i]!;
    expect(toTensor(tensor).toString()).toBe(text);
  });
});
