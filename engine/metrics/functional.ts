// Metrics of one batch in one call: make, update, compute. The number arrives asynchronously, as everything that is read.

import type { Tensor } from "../tensor/tensor.ts";
import { Accuracy, type AccuracyOptions } from "./accuracy.ts";
import { AUROC } from "./auroc.ts";
import { type Average, type Averaged, type ClassScoreOptions, F1Score, Precision, Recall } from "./class-scores.ts";
import { type ClassesOptions, ConfusionMatrix } from "./confusion-matrix.ts";
import type { Metric } from "./metric.ts";
import { Perplexity, type PerplexityOptions } from "./perplexity.ts";
import { MeanAbsoluteError, MeanSquaredError, type MeanSquaredErrorOptions, R2Score } from "./regression.ts";

async function once<T>(metric: Metric<T>, prediction: Tensor, target: Tensor): Promise<T> {
  metric.update(prediction, target);
  return await metric.compute();
}

/**
 * {@link Accuracy} of one batch.
 *
 * @example
 * const labels = tensor([1, 1], { dtype: "int32" });
 * await metrics.accuracy(tensor([[0.1, 0.9], [0.8, 0.2]]), labels); // 0.5
 */
export function accuracy(prediction: Tensor, target: Tensor, options?: AccuracyOptions): Promise<number> {
  return once(new Accuracy(options), prediction, target);
}

/**
 * {@link ConfusionMatrix} of one batch: int32 [C, C], rows actual.
 *
 * @example
 * const [predicted, actual] = [[0, 1, 1, 1], [0, 0, 1, 1]].map((classes) => tensor(classes, { dtype: "int32" }));
 * (await metrics.confusionMatrix(predicted, actual, { numClasses: 2 })).toArraySync().join(" | "); // 1,1 | 0,2
 */
export function confusionMatrix(prediction: Tensor, target: Tensor, options?: ClassesOptions): Promise<Tensor> {
  return once(new ConfusionMatrix(options), prediction, target);
}

/**
 * {@link Precision} of one batch.
 *
 * @example
 * const [predicted, actual] = [[0, 1, 1, 1], [0, 0, 1, 1]].map((classes) => tensor(classes, { dtype: "int32" }));
 * (await metrics.precision(predicted, actual, { numClasses: 2 })).toFixed(4); // 0.8333
 */
export function precision<A extends Average = "macro">(
  prediction: Tensor,
  target: Tensor,
  options?: ClassScoreOptions<A>,
): Promise<Averaged<A>> {
  return once(new Precision<A>(options), prediction, target);
}

/**
 * {@link Recall} of one batch.
 *
 * @example
 * const [predicted, actual] = [[0, 1, 1, 1], [0, 0, 1, 1]].map((classes) => tensor(classes, { dtype: "int32" }));
 * await metrics.recall(predicted, actual, { numClasses: 2 }); // 0.75
 */
export function recall<A extends Average = "macro">(
  prediction: Tensor,
  target: Tensor,
  options?: ClassScoreOptions<A>,
): Promise<Averaged<A>> {
  return once(new Recall<A>(options), prediction, target);
}

/**
 * {@link F1Score} of one batch.
 *
 * @example
 * const [predicted, actual] = [[0, 1, 1, 1], [0, 0, 1, 1]].map((classes) => tensor(classes, { dtype: "int32" }));
 * (await metrics.f1Score(predicted, actual, { numClasses: 2 })).toFixed(4); // 0.7333
 */
export function f1Score<A extends Average = "macro">(
  prediction: Tensor,
  target: Tensor,
  options?: ClassScoreOptions<A>,
): Promise<Averaged<A>> {
  return once(new F1Score<A>(options), prediction, target);
}

/**
 * {@link MeanSquaredError} of one batch.
 *
 * @example
 * await metrics.meanSquaredError(tensor([1, 2]), tensor([1, 5])); // 4.5
 */
export function meanSquaredError(
  prediction: Tensor,
  target: Tensor,
  options?: MeanSquaredErrorOptions,
): Promise<number> {
  return once(new MeanSquaredError(options), prediction, target);
}

/**
 * {@link MeanAbsoluteError} of one batch.
 *
 * @example
 * await metrics.meanAbsoluteError(tensor([1, 2]), tensor([1, 5])); // 1.5
 */
export function meanAbsoluteError(prediction: Tensor, target: Tensor): Promise<number> {
  return once(new MeanAbsoluteError(), prediction, target);
}

/**
 * {@link R2Score} of one batch.
 *
 * @example
 * await metrics.r2Score(tensor([1, 2, 4]), tensor([1, 2, 3])); // 0.5
 */
export function r2Score(prediction: Tensor, target: Tensor): Promise<number> {
  return once(new R2Score(), prediction, target);
}

/**
 * {@link Perplexity} of one batch.
 *
 * @example
 * (await metrics.perplexity(zeros([3, 8]), zeros([3], { dtype: "int32" }))).toFixed(4); // 8.0000
 */
export function perplexity(logits: Tensor, target: Tensor, options?: PerplexityOptions): Promise<number> {
  return once(new Perplexity(options), logits, target);
}

/**
 * {@link AUROC} of one batch.
 *
 * @example
 * const labels = tensor([0, 0, 1, 1], { dtype: "int32" });
 * await metrics.auroc(tensor([0.1, 0.4, 0.35, 0.8]), labels); // 0.75
 */
export function auroc(scores: Tensor, target: Tensor): Promise<number> {
  return once(new AUROC(), scores, target);
}
