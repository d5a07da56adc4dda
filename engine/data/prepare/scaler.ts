// Columns brought to the same size, with numbers taken from the training data alone: whoever scales the test data by itself
// lets the test leak into the training.

import { noGrad } from "../../autograd/no-grad.ts";
import { ShapeError } from "../../core/errors.ts";
import { add, div, eq, mul, sub, where } from "../../ops/functions/pointwise/pointwise.ts";
import { amax, amin, mean } from "../../ops/functions/reduction/reduction.ts";
import { std } from "../../ops/functions/reduction/statistics.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * (x - offset) / scale, column by column, and back.
 *
 * @example
 * const scaler = data.standardiser(tensor([[1], [3]]));
 * scaler.apply(tensor([[3]])).itemSync() > 0; // true
 */
export class Scaler {
  /** One for each column. */
  readonly offset: Tensor;
  /** One for each column; 1 for a column that never changes. */
  readonly scale: Tensor;

  constructor(offset: Tensor, scale: Tensor) {
    this.offset = offset;
    this.scale = where(eq(scale, 0), 1, scale);
  }

  /** Scales data with the columns that the scaler was made for. */
  apply(x: Tensor): Tensor {
    return scoped(() => div(sub(x, this.offset), this.scale));
  }

  /** Turns scaled data, or predictions, back to the first unit. */
  invert(x: Tensor): Tensor {
    return scoped(() => add(mul(x, this.scale), this.offset));
  }
}

/**
 * Brings each column of x [N, …] to mean 0 and standard deviation 1 (of the population, as scikit-learn's StandardScaler).
 *
 * @example
 * const scaler = data.standardiser(tensor([[1, 7], [3, 7]]));
 * scaler.apply(tensor([[3, 8]])).flatten().toArraySync(); // [1, 1]
 * scaler.invert(tensor([[1, 1]])).flatten().toArraySync(); // [3, 8]
 */
export function standardiser(train: Tensor): Scaler {
  checkRows("standardiser", train);
  return noGrad(() => new Scaler(mean(train, 0), std(train, 0, { correction: 0 })));
}

/**
 * Brings each column of x [N, …] to values from 0 (its smallest in the training data) to 1 (its largest).
 *
 * @example
 * const scaler = data.normaliser(tensor([10, 20, 30]));
 * scaler.apply(tensor([10, 15, 40])).toArraySync(); // [0, 0.25, 1.5]
 */
export function normaliser(train: Tensor): Scaler {
  checkRows("normaliser", train);
  return noGrad(() => {
    const least = amin(train, 0);
    return new Scaler(least, sub(amax(train, 0), least));
  });
}

function checkRows(op: string, { shape }: Tensor): void {
  if ((shape[0] ?? 0) === 0) throw ShapeError.of(op, "needs at least one row", { got: shape });
}
