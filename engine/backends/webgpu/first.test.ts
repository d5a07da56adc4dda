import { expect, it } from "vitest";
import { memory, tensor } from "#engine";

it("adds", async () => {
  const a = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(a.add(tensor([10, 20])).toArraySync()).toEqual([
    [11, 22],
    [13, 24],
  ]);
  expect(await a.transpose(0, 1).mul(2).toArray()).toEqual([
    [2, 6],
    [4, 8],
  ]);
  console.log(memory());
});
