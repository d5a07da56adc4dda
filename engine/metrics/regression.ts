// How far predictions of numbers are off.

import { ShapeError } from "../core/errors.ts";
import { square } from "../ops/functions/pointwise/elementary.ts";
import { abs, sub } from "../ops/functions/pointwise/pointwise.ts";
import { mean, sum } from "../ops/functions/reduction/reduction.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { countOf, type Measured, RowMetric, requireSameShape, total } from "./metric.ts";
import type { Row } from "./rows.ts";

/**
 * Mean of |prediction - target|. Throws ShapeError when shapes differ.
 *
 * @example
 * const error = new metrics.MeanAbsoluteError();
 * error.update(tensor([1, 2]), tensor([1, 5]));
 * await error.compute(); // 1.5
 */
export class MeanAbsoluteError extends RowMetric {
  override batchValue(): Tensor | undefined {
    return this.meanOfLast();
  }

  protected override measure(prediction: Tensor, target: Tensor): Measured {
    requireSameShape("MeanAbsoluteError", prediction, target);
    return { values: [sum(abs(sub(prediction, target)))], count: target.numel };
  }

  protected override summarise(rows: readonly Row[]): number {
    return total(rows, 0) / countOf(rows);
  }
}

export interface MeanSquaredErrorOptions {
  /** False for the square root of the mean, RMSE. Default: true. */
  readonly squared?: boolean;
}

/**
 * Mean of (prediction - target)², or its root. Throws ShapeError when shapes differ.
 *
 * @example
 * const error = new metrics.MeanSquaredError();
 * error.update(tensor([1, 2]), tensor([1, 5]));
 * await error.compute(); // 4.5
 */
export class MeanSquaredError extends RowMetric {
  readonly squared: boolean;

  constructor({ squared = true }: MeanSquaredErrorOptions = {}) {
    super();
    this.squared = squared;
  }

  override batchValue(): Tensor | undefined {
    const value = this.meanOfLast();
    return this.squared ? value : value?.sqrt();
  }

  protected override measure(prediction: Tensor, target: Tensor): Measured {
    requireSameShape("MeanSquaredError", prediction, target);
    return { values: [sum(square(sub(prediction, target)))], count: target.numel };
  }

  protected override summarise(rows: readonly Row[]): number {
    const value = total(rows, 0) / countOf(rows);
    return this.squared ? value : Math.sqrt(value);
  }
}

/**
 * 1 - Σ(target - prediction)²/Σ(target - mean)²: 1 is perfect, 0 as good as the mean. Predictions N or N × 1. Throws
 * ShapeError for other or different shapes.
 *
 * @example
 * const score = new metrics.R2Score();
 * score.update(tensor([1, 2, 4]), tensor([1, 2, 3]));
 * await score.compute(); // 0.5
 */
export class R2Score extends RowMetric {
  protected override measure(prediction: Tensor, target: Tensor): Measured {
    requireSameShape("R2Score", prediction, target);
    if (target.ndim > 2 || (target.ndim === 2 && target.shape[1] !== 1)) {
      const hint = "Make one R2Score for each output.";
      throw ShapeError.of("R2Score", "expected one output a sample", { target: target.shape }, hint);
    }
    const center = mean(target);
    const values = [sum(square(sub(prediction, target))), center, sum(square(sub(target, center)))];
    return { values, count: target.numel };
  }

  /** Means and squares of batches are put together as T. Chan et al., 1979, do: no large numbers are subtracted. */
  protected override summarise(rows: readonly Row[]): number {
    const count = countOf(rows);
    const center = rows.reduce((sum, row) => sum + row.values[1]! * (row.count / count), 0);
    const spread = rows.reduce((sum, row) => sum + row.values[2]! + row.count * (row.values[1]! - center) ** 2, 0);
    return 1 - total(rows, 0) / spread;
  }
}
