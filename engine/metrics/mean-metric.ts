// The mean of values that come one by one, such as losses.

import { noGrad } from "../autograd/no-grad.ts";
import { ArgumentError } from "../core/errors.ts";
import { mean } from "../ops/functions/reduction/reduction.ts";
import { tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { countOf, nothingYet } from "./metric.ts";
import { Rows, rowOf } from "./rows.ts";

/**
 * Σ weight·value / Σ weight. A tensor is taken by its mean; give the size of the batch as its weight. Not a metric for
 * `fit`, which keeps the mean loss itself: for loops of one's own.
 *
 * @example
 * const loss = new metrics.MeanMetric();
 * loss.update(tensor(0.5), 32);
 * loss.update(2, 16);
 * await loss.compute(); // 1
 */
export class MeanMetric {
  readonly #rows = new Rows();

  /** Takes in a value. Throws ArgumentError for a weight that is not above 0. */
  update(value: number | Tensor, weight = 1): void {
    if (!(weight > 0)) throw new ArgumentError("MeanMetric", `weight must be above 0, got ${weight}`);
    this.#rows.add(
      noGrad(() => rowOf([typeof value === "number" ? tensor(value) : mean(value)])),
      weight,
    );
  }

  /** The mean since the last `reset()`. Throws ArgumentError when there were no values. */
  async compute(): Promise<number> {
    const rows = await this.#rows.read();
    if (rows.length === 0) throw nothingYet("MeanMetric");
    return rows.reduce((sum, { values, count }) => sum + values[0]! * count, 0) / countOf(rows);
  }

  /** Forgets all values. */
  reset(): void {
    this.#rows.clear();
  }
}
