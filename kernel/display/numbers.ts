// Numbers as pictures see them: a tensor through the few members that drawing needs, or plain (nested) arrays.
// Shapes are known at once, so that mistakes are thrown at the caller's line; values may arrive later.

import { DisplayError } from "./display-error.ts";

/** All that this folder knows of a tensor. Values are in row-major order. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<ArrayLike<number>>;
  toString(): string;
}

export type NestedNumbers = ArrayLike<number> | readonly NestedNumbers[];

/** What every picture accepts: a tensor, tensors of one shape, an array of numbers, or arrays of arrays of equal lengths. */
export type Numbers = TensorLike | readonly TensorLike[] | NestedNumbers;

/** Values in row-major order with their shape. */
export interface NumberGrid {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

export function isTensorLike(value: unknown): value is TensorLike {
  return (
    typeof value === "object" &&
    value !== null &&
    "data" in value &&
    typeof value.data === "function" &&
    "dtype" in value &&
    typeof value.dtype === "string" &&
    "shape" in value &&
    Array.isArray(value.shape)
  );
}

function isTensorList(numbers: readonly TensorLike[] | NestedNumbers): numbers is readonly TensorLike[] {
  return isTensorLike(numbers[0]);
}

export function shapeOf(numbers: Numbers): readonly number[] {
  if (isTensorLike(numbers)) return numbers.shape;
  const first: number | Numbers | undefined = numbers.length > 0 ? numbers[0] : undefined;
  return first === undefined || typeof first === "number" ? [numbers.length] : [numbers.length, ...shapeOf(first)];
}

/** Reads the values as they are now: a tensor changed in place afterwards does not change the picture. */
export async function readNumbers(numbers: Numbers): Promise<NumberGrid> {
  const shape = shapeOf(numbers);
  if (isTensorLike(numbers)) return { shape, values: Float64Array.from(await numbers.data(), Number) };
  if (isTensorList(numbers)) {
    const grids = await Promise.all(numbers.map(readNumbers));
    return readNumbers(grids.map(({ values }) => values)).then(({ values }) => ({ shape, values }));
  }
  const values = new Float64Array(shape.reduce((size, length) => size * length, 1));
  copyNested(numbers, shape, values, 0);
  return { shape, values };
}

function copyNested(source: NestedNumbers, shape: readonly number[], target: Float64Array, start: number): void {
  const [length = 0, ...inner] = shape;
  if (typeof source !== "object" || source.length !== length) {
    throw new DisplayError("numbers", `rows of equal length, ${length} as in the first`, String(source.length));
  }
  const stride = inner.reduce((size, innerLength) => size * innerLength, 1);
  for (let index = 0; index < length; index++) {
    const item = source[index] as number | NestedNumbers;
    if (typeof item === "number") target[start + index] = item;
    else copyNested(item, inner, target, start + index * stride);
  }
}

/** Smallest and largest finite value; `[0, 0]` when there is none. */
export function extentOf(values: ArrayLike<number>): readonly [min: number, max: number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? [min, max] : [0, 0];
}

/** Largest finite magnitude, 1 when all are 0: the half-width of a colour scale centred at 0. */
export function magnitudeOf(values: ArrayLike<number>): number {
  const [min, max] = extentOf(values);
  return Math.max(Math.abs(min), Math.abs(max)) || 1;
}

/** Four significant digits: what a picture can show, at a third of the JSON. NaN and ±∞, which JSON lacks, become null. */
export function roundForJson(value: number, digits = 4): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : null;
}
