// The share of right answers.

import { ArgumentError } from "../core/errors.ts";
import { gather } from "../ops/functions/indexing/indexing.ts";
import { reshape, unsqueeze } from "../ops/functions/movement/movement.ts";
import { logicalAnd, logicalOr } from "../ops/functions/pointwise/comparison.ts";
import { eq, ge, lt, to, where } from "../ops/functions/pointwise/pointwise.ts";
import { sum } from "../ops/functions/reduction/reduction.ts";
import { arange } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkRange, guessesOf, isScores, labelsOf, rangeOf } from "./classes.ts";
import { countOf, type Measured, RowMetric, total } from "./metric.ts";
import type { Row } from "./rows.ts";

export interface AccuracyOptions {
  /** Right when the class is among this many of the largest scores. Default: 1. */
  readonly topK?: number;
  /** For probabilities of two classes: above it is class 1; use 0 for logits. Default: 0.5. */
  readonly threshold?: number;
}

/**
 * Right answers / all answers, over every element of the target. Predictions are scores N × C × …, or in the target's shape
 * class numbers (int32) or probabilities of class 1 (float32; targets may then be float32 as well, as binary cross-entropy
 * takes them). Throws ShapeError or DtypeError when target and prediction do not match, ArgumentError (from `compute`) when a
 * target is none of the classes.
 *
 * @example
 * const accuracy = new metrics.Accuracy();
 * accuracy.update(tensor([[0.1, 0.9], [0.8, 0.2]]), tensor([1, 1], { dtype: "int32" }));
 * await accuracy.compute(); // 0.5
 */
export class Accuracy extends RowMetric {
  readonly topK: number;
  readonly threshold: number;
  #classes: number | undefined;

  constructor({ topK = 1, threshold = 0.5 }: AccuracyOptions = {}) {
    super();
    if (!Number.isInteger(topK) || topK < 1) {
      throw new ArgumentError("Accuracy", `topK must be whole and at least 1, got ${topK}`);
    }
    this.topK = topK;
    this.threshold = threshold;
  }

  override batchValue(): Tensor | undefined {
    return this.meanOfLast();
  }

  protected override measure(prediction: Tensor, target: Tensor): Measured {
    if (target.numel === 0) return { values: [], count: 0 };
    if (this.topK > 1 && isScores(prediction, target)) {
      const labels = labelsOf("Accuracy", target);
      this.#classes = prediction.shape[1]!;
      return { values: [inTopK(prediction, labels, this.topK), ...rangeOf(labels)], count: target.numel };
    }
    if (this.topK > 1) throw new ArgumentError("Accuracy", `topK ${this.topK} needs scores of the classes, N × C × …`);
    const { guesses, target: labels, classes } = guessesOf("Accuracy", prediction, target, this.threshold);
    this.#classes = classes;
    return { values: [sum(eq(guesses, labels)), ...rangeOf(labels)], count: target.numel };
  }

  protected override summarise(rows: readonly Row[]): number {
    for (const { values } of rows) checkRange("Accuracy", values[1]!, values[2]!, this.#classes ?? Infinity);
    return total(rows, 0) / countOf(rows);
  }
}

/**
 * How many targets are among the k largest scores. Counts the scores that are not behind the target's own, equal ones by
 * their number as a stable sort would; a score of NaN is before none.
 */
function inTopK(scores: Tensor, target: Tensor, k: number): Tensor {
  const classes = scores.shape[1]!;
  const inRange = logicalAnd(ge(target, 0), lt(target, classes));
  const safe = unsqueeze(where(inRange, target, 0), 1);
  const own = gather(scores, 1, safe);
  const numbers = reshape(arange(0, classes, 1, { device: scores.device }), [
    1,
    classes,
    ...target.shape.slice(1).map(() => 1),
  ]);
  const behind = logicalOr(lt(scores, own), logicalAnd(eq(scores, own), ge(numbers, safe)));
  return sum(to(ge(sum(behind, 1), classes - k + 1), "int32"));
}
