// How many tokens a language model wavers between.

import { ShapeError } from "../core/errors.ts";
import { sameShape } from "../core/shape.ts";
import { logSoftmax } from "../ops/functions/classification.ts";
import { gather } from "../ops/functions/indexing/indexing.ts";
import { squeeze, unsqueeze } from "../ops/functions/movement/movement.ts";
import { logicalAnd } from "../ops/functions/pointwise/comparison.ts";
import { ge, lt, ne, neg, to, where } from "../ops/functions/pointwise/pointwise.ts";
import { sum } from "../ops/functions/reduction/reduction.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkRange, labelsOf, rangeOf } from "./classes.ts";
import { type Measured, RowMetric, total } from "./metric.ts";
import type { Row } from "./rows.ts";

export interface PerplexityOptions {
  /** A target that does not count, for example the number of the padding. Default: none. */
  readonly ignoreIndex?: number;
}

/**
 * e to the mean of -ln p(target). Logits … × C with the classes last, targets int32 …. C for a model that knows nothing.
 * Throws ShapeError or DtypeError when target and logits do not match, ArgumentError (from `compute`) when a target is none
 * of the classes.
 *
 * @example
 * const perplexity = new metrics.Perplexity();
 * perplexity.update(zeros([2, 3, 8]), zeros([2, 3], { dtype: "int32" }));
 * (await perplexity.compute()).toFixed(4); // 8.0000
 */
export class Perplexity extends RowMetric {
  readonly #ignored: number | undefined;
  #classes = 0;

  constructor({ ignoreIndex }: PerplexityOptions = {}) {
    super();
    this.#ignored = ignoreIndex;
  }

  protected override measure(logits: Tensor, target: Tensor): Measured {
    if (!sameShape(logits.shape.slice(0, -1), target.shape)) {
      const hint = "Logits are … × classes, the target is … without the classes.";
      throw ShapeError.of("Perplexity", "target does not match", { logits: logits.shape, target: target.shape }, hint);
    }
    if (target.numel === 0) return { values: [], count: 0 };
    const labels = labelsOf("Perplexity", target);
    const classes = logits.shape.at(-1)!;
    this.#classes = classes;
    const counts = ne(labels, this.#ignored ?? -(2 ** 31));
    const own = where(counts, labels, 0);
    const index = where(logicalAnd(ge(own, 0), lt(own, classes)), own, 0);
    const chosen = squeeze(gather(logSoftmax(logits, -1), -1, unsqueeze(index, -1)), -1);
    const surprise = where(counts, neg(chosen), 0);
    return { values: [sum(surprise), sum(to(counts, "int32")), ...rangeOf(own)], count: target.numel };
  }

  protected override summarise(rows: readonly Row[]): number {
    for (const { values } of rows) checkRange("Perplexity", values[2]!, values[3]!, this.#classes);
    return Math.exp(total(rows, 0) / total(rows, 1));
  }
}
