// Base of the metrics: update with every batch, compute once, reset. `update` reads nothing, so that no GPU waits; a metric
// keeps a few numbers a batch on the device and `compute` reads them all at once. Metrics never record gradients.

import { noGrad } from "../autograd/no-grad.ts";
import { ArgumentError, ShapeError } from "../core/errors.ts";
import { sameShape } from "../core/shape.ts";
import { div } from "../ops/functions/pointwise/pointwise.ts";
import { scoped } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Row, Rows, rowOf } from "./rows.ts";

/**
 * Base of the metrics, for one of your own too: what `fit` and `evaluate` take.
 *
 * @example
 * class LargestError extends metrics.Metric {
 *   worst = zeros([]);
 *   update(prediction: Tensor, target: Tensor) {
 *     this.worst = this.worst.maximum(prediction.detach().sub(target).abs().max());
 *   }
 *   compute() {
 *     return this.worst.item();
 *   }
 *   reset() {
 *     this.worst = zeros([]);
 *   }
 * }
 * const error = new LargestError();
 * error.update(tensor([1, 2]), tensor([1, 5]));
 * await error.compute(); // 3
 */
export abstract class Metric<T = number> {
  /** Takes in a batch: what the model said, and what is right. */
  abstract update(prediction: Tensor, target: Tensor): void;

  /** The value over all batches since the last `reset()`. Throws ArgumentError when there were none. */
  abstract compute(): Promise<T>;

  /** Forgets all batches. */
  abstract reset(): void;

  /** The value of the last batch alone, a scalar, where that is a mean: what progress shows. */
  batchValue(): Tensor | undefined {
    return undefined;
  }
}

/** What a batch comes to: scalars still on the device, and how many elements they are of. */
export interface Measured {
  readonly values: readonly Tensor[];
  readonly count: number;
}

/** A metric that is made of a few numbers a batch. */
export abstract class RowMetric<T = number> extends Metric<T> {
  readonly #rows = new Rows();
  #last: { readonly row: Tensor; readonly count: number } | undefined;

  override update(prediction: Tensor, target: Tensor): void {
    let count = 0;
    const row = noGrad(() =>
      scoped(() => {
        const measured = this.measure(prediction, target);
        count = measured.count;
        return count === 0 ? undefined : rowOf(measured.values);
      }),
    );
    if (row === undefined) return;
    this.#last?.row.dispose();
    this.#last = { row: row.detach(), count };
    this.#rows.add(row, count);
  }

  override async compute(): Promise<T> {
    const rows = await this.#rows.read();
    if (rows.length === 0) throw nothingYet(this.constructor.name);
    return this.summarise(rows);
  }

  override reset(): void {
    this.#rows.clear();
    this.#last?.row.dispose();
    this.#last = undefined;
  }

  protected abstract measure(prediction: Tensor, target: Tensor): Measured;
  protected abstract summarise(rows: readonly Row[]): T;

  /** The last batch's first number over its count. */
  protected meanOfLast(): Tensor | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    return noGrad(() => scoped(() => div(last.row.select(0, 0), last.count)));
  }
}

/** Σ of one column, in double precision. */
export function total(rows: readonly Row[], column: number): number {
  return rows.reduce((sum, { values }) => sum + values[column]!, 0);
}

/** Elements of all rows. */
export function countOf(rows: readonly Row[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

export function nothingYet(metric: string): ArgumentError {
  return new ArgumentError(metric, "compute() needs at least one update(), got none since the last reset()");
}

/** Throws ShapeError unless the shapes are equal: broadcasting here is nearly always a mistake. */
export function requireSameShape(metric: string, prediction: Tensor, target: Tensor): void {
  if (sameShape(prediction.shape, target.shape)) return;
  throw ShapeError.of(metric, "shapes differ", { prediction: prediction.shape, target: target.shape });
}
