// The area under the ROC curve, for two classes.

import { noGrad } from "../autograd/no-grad.ts";
import { cat, flatten } from "../ops/functions/movement/movement.ts";
import { to } from "../ops/functions/pointwise/pointwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { binaryLabelsOf, checkRange } from "./classes.ts";
import { Metric, nothingYet, requireSameShape } from "./metric.ts";

/**
 * The probability that a sample of class 1 has a larger score than one of class 0, ties half. Keeps all scores until
 * `reset()`. NaN while one of the classes is missing. Throws ShapeError when shapes differ, DtypeError for targets of
 * float32, ArgumentError (from `compute`) for classes other than 0 and 1.
 *
 * J. Hanley, B. McNeil, The Meaning and Use of the Area under a ROC Curve, 1982, https://doi.org/10.1148/radiology.143.1.7063747
 *
 * @example
 * const auroc = new metrics.AUROC();
 * auroc.update(tensor([0.1, 0.4, 0.35, 0.8]), tensor([0, 0, 1, 1], { dtype: "int32" }));
 * await auroc.compute(); // 0.75
 */
export class AUROC extends Metric {
  #scores: Tensor[] = [];
  #targets: Tensor[] = [];

  override update(scores: Tensor, target: Tensor): void {
    requireSameShape("AUROC", scores, target);
    noGrad(() => {
      this.#scores.push(flatten(to(scores, "float32")).detach());
      this.#targets.push(flatten(binaryLabelsOf(target)).detach());
    });
  }

  override async compute(): Promise<number> {
    if (this.#scores.length === 0) throw nothingYet("AUROC");
    const [scores, targets] = await Promise.all([cat(this.#scores).data(), cat(this.#targets).data()]);
    for (const target of targets) checkRange("AUROC", target, target, 2);
    return areaUnderCurve(scores, targets);
  }

  override reset(): void {
    this.#scores = [];
    this.#targets = [];
  }
}

/** From the sum of the ranks of class 1, equal scores sharing their mean rank. */
function areaUnderCurve(scores: ArrayLike<number>, targets: ArrayLike<number>): number {
  const order = Array.from(scores, (_, index) => index).sort((a, b) => scores[a]! - scores[b]!);
  let [positives, rankSum] = [0, 0];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    const hits = order.slice(start, end).filter((index) => targets[index] === 1).length;
    positives += hits;
    rankSum += (hits * (start + 1 + end)) / 2;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}
