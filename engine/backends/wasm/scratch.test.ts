import { expect, it } from "vitest";
import { Heap } from "./memory/heap.ts";
import { Scratch } from "./scratch.ts";

const mebibyte = 2 ** 20;

it("has no region that is a tensor's too, after there was no room for a larger one", () => {
  const heap = new Heap({ maximumBytes: 32 * mebibyte });
  const scratch = new Scratch(heap);
  const lost = scratch.address(0, 4 * mebibyte);
  expect(() => scratch.address(0, 64 * mebibyte)).toThrow("no room");
  // The place that the first region had, or one beside it: whatever the heap gives on.
  const tensor = heap.allocate("bool", 6 * mebibyte);
  const address = scratch.address(0, 4 * mebibyte);
  const isApart = address >= tensor.address + 6 * mebibyte || address + 4 * mebibyte <= tensor.address;
  expect(isApart, `tensor at ${tensor.address}, scratch at ${address}, before at ${lost}`).toBe(true);
});
