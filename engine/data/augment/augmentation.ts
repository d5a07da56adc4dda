// What an augmentation is, how several become one, and what all of them check.

import { context } from "../../core/context.ts";
import { ArgumentError, ShapeError } from "../../core/errors.ts";
import type { Generator } from "../../core/random.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * A function from images [N, C, H, W], float32, to changed images; each image gets random numbers of its own. Without a
 * generator it draws from the one that `manualSeed` seeds. The given images stay as they are.
 */
export type Augmentation = (images: Tensor, generator?: Generator) => Tensor;

/**
 * One augmentation out of several, applied from the first to the last.
 *
 * @example
 * const { compose, randomShift, randomHorizontalFlip } = data.augment;
 * const augmentation = compose(randomShift({ pixels: 1 }), randomHorizontalFlip());
 * augmentation(zeros([2, 1, 8, 8])).shape; // [2, 1, 8, 8]
 */
export function compose(...augmentations: readonly Augmentation[]): Augmentation {
  return (images, generator = context.generator) =>
    augmentations.reduce((changed, augmentation) => augmentation(changed, generator), images);
}

/** The sizes of images, or a ShapeError if they are none. */
export function sizesOf(op: string, { shape }: Tensor): readonly [number, number, number, number] {
  if (shape.length === 4) return shape as readonly number[] as readonly [number, number, number, number];
  throw ShapeError.of(op, "expected images [N, C, H, W]", { got: shape }, "A single image: images.unsqueeze(0).");
}

/** Whole and at least `low`, or an ArgumentError. */
export function whole(op: string, option: string, value: number, low = 0): number {
  if (Number.isInteger(value) && value >= low) return value;
  throw new ArgumentError(op, `${option} must be whole and at least ${low}, got ${value}`);
}

/** Finite and from `low` to `high`, or an ArgumentError. */
export function within(op: string, option: string, value: number, low: number, high = Number.MAX_VALUE): number {
  if (value >= low && value <= high) return value;
  const range = high === Number.MAX_VALUE ? `at least ${low}` : `between ${low} and ${high}`;
  throw new ArgumentError(op, `${option} must be ${range}, got ${value}`);
}
