// `assertClose`: that numbers are what they should be, up to rounding. For tests and for lectures that check themselves.

import type { TypedArray } from "../core/dtype.ts";
import { AssertionError, ShapeError } from "../core/errors.ts";
import { formatShape, type Shape, sameShape } from "../core/shape.ts";
import { tensor } from "./creation.ts";
import type { NestedArray } from "./nested.ts";
import { Tensor } from "./tensor.ts";

export interface AssertCloseOptions {
  /** Allowed absolute difference. Default: 1e-5. */
  readonly atol?: number;
  /** Allowed difference relative to what is expected. Default: 1.3e-6. */
  readonly rtol?: number;
}

/**
 * That `actual` has the shape of `expected` and differs by at most atol + rtol·|expected| anywhere; NaN equals NaN. The
 * defaults suit float32, as in PyTorch's `torch.testing.assert_close`. Tensors, numbers or nested arrays.
 *
 * Throws ShapeError for another shape, and an AssertionError that tells how many elements differ and which one most.
 *
 * @example
 * await assertClose(tensor([1, 2]).exp(), [Math.E, Math.E ** 2]);
 */
export async function assertClose(
  actual: Tensor | NestedArray,
  expected: Tensor | NestedArray,
  { atol = 1e-5, rtol = 1.3e-6 }: AssertCloseOptions = {},
): Promise<void> {
  const [got, wanted] = await Promise.all([read(actual), read(expected)]);
  if (!sameShape(got.shape, wanted.shape)) {
    throw ShapeError.of("assertClose", "shapes differ", { actual: got.shape, expected: wanted.shape });
  }
  let worst = -1;
  let largest = 0;
  let count = 0;
  for (const [i, value] of got.values.entries()) {
    const target = wanted.values[i]!;
    if (Object.is(value, target) || value === target) continue;
    const difference = Math.abs(value - target);
    if (Number.isFinite(target) && difference <= atol + rtol * Math.abs(target)) continue;
    count++;
    if (worst >= 0 && !(difference > largest)) continue;
    worst = i;
    largest = difference;
  }
  if (count === 0) return;
  const where = got.shape.length === 0 ? "" : ` at ${formatShape(positionOf(worst, got.shape))}`;
  const elements = count === 1 && got.values.length === 1 ? "" : `${count} of ${got.values.length} elements differ; `;
  const problem = `${elements}expected ${shown(wanted.values[worst]!)}, got ${shown(got.values[worst]!)}${where}`;
  throw new AssertionError("assertClose", problem, `Allowed: ${atol} + ${rtol} · |expected|.`);
}

async function read(numbers: Tensor | NestedArray): Promise<{ shape: Shape; values: TypedArray }> {
  const all = numbers instanceof Tensor ? numbers : tensor(numbers);
  return { shape: all.shape, values: await all.data() };
}

/** float32 has seven significant digits. */
const shown = (value: number): string => String(Number(value.toPrecision(7)));

function positionOf(index: number, shape: readonly number[]): number[] {
  let rest = index;
  return shape
    .toReversed()
    .map((size) => {
      const position = rest % size;
      rest = Math.floor(rest / size);
      return position;
    })
    .reverse();
}
