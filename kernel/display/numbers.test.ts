import { expect, test } from "vitest";
import { extentOf, magnitudeOf, readNumbers, roundForJson, shapeOf } from "./numbers.ts";
import { tensor } from "./test-host.ts";

test("nested arrays, typed arrays and tensors have shapes", () => {
  const nested = [
    [1, 2, 3],
    [4, 5, 6],
  ];
  expect(shapeOf(nested)).toEqual([2, 3]);
  expect(shapeOf([Float32Array.of(1, 2)])).toEqual([1, 2]);
  expect(shapeOf([])).toEqual([0]);
  expect(shapeOf(tensor([3, 1], () => 0))).toEqual([3, 1]);
});

test("values are read in row-major order", async () => {
  const nested = [
    [[1], [2]],
    [[3], [4]],
  ];
  expect(await readNumbers(nested)).toEqual({ shape: [2, 2, 1], values: Float64Array.of(1, 2, 3, 4) });
});

test("values read from a tensor are a copy: training on does not change the picture", async () => {
  const values = Float32Array.of(1, 2);
  const { values: read } = await readNumbers({ shape: [2], dtype: "float32", data: async () => values });
  values[0] = 9;
  expect(read[0]).toBe(1);
});

test("tensors of one shape are a batch of them, others are refused", async () => {
  const digits = [tensor([1, 2], (index) => index), tensor([1, 2], (index) => 10 + index)];
  expect(await readNumbers(digits)).toEqual({ shape: [2, 1, 2], values: Float64Array.of(0, 1, 10, 11) });
  await expect(readNumbers([tensor([2], () => 0), tensor([3], () => 0)])).rejects.toThrow("rows of equal length");
});

test("arrays of unequal lengths are refused", async () => {
  await expect(readNumbers([[1, 2], [3]])).rejects.toThrow("expected rows of equal length, 2 as in the first, got 1");
});

test("extent and magnitude pass over what is not finite", () => {
  expect(extentOf([Number.NaN, -3, 2, Number.POSITIVE_INFINITY])).toEqual([-3, 2]);
  expect(extentOf([])).toEqual([0, 0]);
  expect(magnitudeOf([-3, 2])).toBe(3);
  expect(magnitudeOf([0, 0])).toBe(1);
});

test("numbers for JSON keep four digits, and NaN becomes null", () => {
  expect(roundForJson(0.123456)).toBe(0.1235);
  expect(roundForJson(Number.NaN)).toBeNull();
});
