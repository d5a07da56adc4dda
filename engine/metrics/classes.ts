// What metrics of classification share: predictions as class numbers, and classes in range. Ranges are noted on the device
// and checked when the numbers are read.

import { ArgumentError, DtypeError, ShapeError } from "../core/errors.ts";
import { sameShape } from "../core/shape.ts";
import { eq, gt, to, where } from "../ops/functions/pointwise/pointwise.ts";
import { amax, amin, argmax } from "../ops/functions/reduction/reduction.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface Guesses {
  /** Class numbers, int32, in the shape of the target. */
  readonly guesses: Tensor;
  readonly target: Tensor;
  /** How many classes the scores are of; undefined when class numbers were given. */
  readonly classes: number | undefined;
}

/**
 * Predictions as class numbers: scores N × C × … by their largest; probabilities in the target's shape by `threshold`;
 * class numbers as they are.
 */
export function guessesOf(metric: string, prediction: Tensor, target: Tensor, threshold = 0.5): Guesses {
  if (isScores(prediction, target)) {
    return { guesses: argmax(prediction, 1), target: labelsOf(metric, target), classes: prediction.shape[1]! };
  }
  if (!sameShape(prediction.shape, target.shape)) {
    throw ShapeError.of(
      metric,
      "prediction does not match the target",
      { prediction: prediction.shape, target: target.shape },
      "Give scores N × classes × … or class numbers N × …; the target is N × … without the classes.",
    );
  }
  if (prediction.dtype !== "float32") {
    return { guesses: to(prediction, "int32"), target: labelsOf(metric, target), classes: undefined };
  }
  return { guesses: to(gt(prediction, threshold), "int32"), target: binaryLabelsOf(target), classes: 2 };
}

/** Whether the prediction has one dimension more than the target: the scores of the classes. */
export function isScores(prediction: Tensor, target: Tensor): boolean {
  return (
    prediction.ndim === target.ndim + 1 &&
    prediction.ndim > 1 &&
    sameShape([prediction.shape[0]!, ...prediction.shape.slice(2)], target.shape)
  );
}

/** The smallest and the largest class of a tensor, for {@link checkRange}. */
export function rangeOf(classes: Tensor): readonly [Tensor, Tensor] {
  return [amin(classes), amax(classes)];
}

/** Throws ArgumentError when a class from `low` to `high` is none of `classes`. */
export function checkRange(metric: string, low: number, high: number, classes: number): void {
  if (low >= 0 && high < classes) return;
  throw new ArgumentError(
    metric,
    `class ${low < 0 ? low : high} is out of range for ${classes} classes`,
    `Classes run from 0 to ${classes - 1}.`,
  );
}

export function labelsOf(metric: string, target: Tensor): Tensor {
  if (target.dtype !== "float32") return to(target, "int32");
  throw new DtypeError(
    metric,
    "targets are class numbers of dtype int32, got float32",
    [target.dtype],
    'Use tensor([...], { dtype: "int32" }) or .to("int32").',
  );
}

/**
 * Classes 0 and 1; also as float32, because that is what binary cross-entropy takes. Fractions become -1, which is none of
 * the classes.
 */
export function binaryLabelsOf(target: Tensor): Tensor {
  if (target.dtype !== "float32") return to(target, "int32");
  const whole = to(target, "int32");
  return where(eq(whole, target), whole, -1);
}
