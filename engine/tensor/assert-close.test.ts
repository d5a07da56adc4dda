import { expect, test } from "vitest";
import { AssertionError, assertClose, tensor } from "../index.ts";

test("rounding is allowed, more is not", async () => {
  await assertClose(tensor([1, 100]), [1 + 1e-5, 100.0001]);
  await expect(assertClose(tensor([1, 2]), [1, 2.0001])).rejects.toThrow(
    "assertClose: 1 of 2 elements differ; expected 2.0001, got 2 at [1]\nAllowed: 0.00001 + 0.0000013 · |expected|.",
  );
  await assertClose(0.5, 0.6, { atol: 0.11 });
});

test("the element that differs most is named by its place", async () => {
  const actual = tensor([
    [1, 2],
    [3, 4],
  ]);
  const wanted = [
    [1, 2.5],
    [4, 4],
  ];
  await expect(assertClose(actual, wanted)).rejects.toThrow("2 of 4 elements differ; expected 4, got 3 at [1, 0]");
  await expect(assertClose(1, 2)).rejects.toThrow(AssertionError);
});

test("NaN and infinities equal themselves alone", async () => {
  await assertClose([Number.NaN, Number.POSITIVE_INFINITY], [Number.NaN, Number.POSITIVE_INFINITY]);
  await expect(assertClose([Number.NaN, 1], [0, Number.POSITIVE_INFINITY])).rejects.toThrow("2 of 2 elements differ");
});

test("shapes must be equal", async () => {
  await expect(assertClose(tensor([1]), 1)).rejects.toThrow("assertClose: shapes differ, actual [1], expected []");
});
