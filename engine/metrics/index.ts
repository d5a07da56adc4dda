// `metrics`: how good a model is, batch by batch or in one call. torchmetrics' names.

export { Accuracy, type AccuracyOptions } from "./accuracy.ts";
export { AUROC } from "./auroc.ts";
export { type Average, type Averaged, type ClassScoreOptions, F1Score, Precision, Recall } from "./class-scores.ts";
export { type ClassesOptions, ConfusionMatrix } from "./confusion-matrix.ts";
export {
  accuracy,
  auroc,
  confusionMatrix,
  f1Score,
  meanAbsoluteError,
  meanSquaredError,
  perplexity,
  precision,
  r2Score,
  recall,
} from "./functional.ts";
export { MeanMetric } from "./mean-metric.ts";
export { Metric } from "./metric.ts";
export { Perplexity, type PerplexityOptions } from "./perplexity.ts";
export { MeanAbsoluteError, MeanSquaredError, type MeanSquaredErrorOptions, R2Score } from "./regression.ts";
