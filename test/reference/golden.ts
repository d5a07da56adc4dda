// Reads golden files and compares tensors with them. Used by the tests of this folder; goldens are made by make-goldens.py.

import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { type DType, type Tensor, tensor } from "#engine";

/** A tensor as make-goldens.py writes it; values that JSON does not know are text. */
export interface Golden {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly values: readonly (number | string)[];
}

export function readGolden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.golden.json`, import.meta.url), "utf8")) as T;
}

export function toTensor({ shape, dtype, values }: Golden, options: { requiresGrad?: boolean } = {}): Tensor {
  return tensor(Float64Array.from(values, toNumber), { shape, dtype, ...options });
}

/** |actual - expected| ≤ tolerance · (1 + |expected|), and equal shapes and dtypes. */
export function expectGolden(actual: Tensor, expected: Golden, tolerance = 2e-6): void {
  expect(actual.shape).toEqual(expected.shape);
  expect(actual.dtype).toBe(expected.dtype);
  expectClose(actual.dataSync(), expected.values.map(toNumber), tolerance);
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < actual.length; i++) {
    const [got, wanted] = [actual[i]!, expected[i]!];
    const same = Object.is(got, wanted) || Math.abs(got - wanted) <= tolerance * (1 + Math.abs(wanted));
    if (!same) expect.fail(`element ${i} is ${got}, expected ${wanted}`);
  }
}

function toNumber(value: number | string): number {
  return typeof value === "number" ? value : Number(value.replace("inf", "Infinity"));
}
