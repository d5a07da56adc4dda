// Losses of regression, of probabilities and of similarity. Predictions and targets have one shape; those of
// classification by number (crossEntropy, nllLoss) are ops.

import { ArgumentError } from "../../core/errors.ts";
import { dispatch } from "../../ops/dispatch.ts";
import type { LossOptions } from "../../ops/functions/classification.ts";
import { toFloat } from "../../ops/functions/operands.ts";
import { softplus } from "../../ops/functions/pointwise/activation.ts";
import { clamp, square } from "../../ops/functions/pointwise/elementary.ts";
import {
  abs,
  add,
  div,
  eq,
  exp,
  gt,
  le,
  log,
  lt,
  maximum,
  mul,
  neg,
  sqrt,
  sub,
  where,
} from "../../ops/functions/pointwise/pointwise.ts";
import { mean, sum } from "../../ops/functions/reduction/reduction.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { requireSameShape } from "./checks.ts";

export interface SmoothL1Options extends LossOptions {
  /** Where the parabola becomes a line. Default: 1; 0 is l1Loss. */
  readonly beta?: number;
}

export interface HuberOptions extends LossOptions {
  /** Where the parabola becomes a line. Default: 1. */
  readonly delta?: number;
}

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Factor of each element, broadcast. Default: 1. */
  readonly weight?: Tensor;
}

export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** Factor of the positive class, broadcast: above 1 favours recall. Default: 1. */
  readonly posWeight?: Tensor;
}

export interface KlDivOptions {
  /** `batchmean` divides the sum by the first size: the divergence proper. Default: `mean`. */
  readonly reduction?: "mean" | "sum" | "none" | "batchmean";
  /** The target is given as logarithms. Default: false. */
  readonly logTarget?: boolean;
}

export interface CosineEmbeddingOptions extends LossOptions {
  /** Below this similarity, pairs that shall differ cost nothing. Default: 0. */
  readonly margin?: number;
}

/**
 * Mean of (prediction - target)². Throws a ShapeError for different shapes.
 *
 * @example
 * nn.functional.mseLoss(tensor([30, 80, 85]), tensor([90, 20, 95])); // tensor(2433.3333)
 */
export function mseLoss(prediction: Tensor, target: Tensor, { reduction = "mean" }: LossOptions = {}): Tensor {
  requireSameShape("mseLoss", prediction, target);
  return dispatch("mseLoss", [toFloat(prediction), toFloat(target)], { reduction });
}

/**
 * Mean of |prediction - target|. Throws a ShapeError for different shapes.
 *
 * @example
 * nn.functional.l1Loss(tensor([1, 2]), tensor([2, 4])); // tensor(1.5000)
 */
export function l1Loss(prediction: Tensor, target: Tensor, { reduction }: LossOptions = {}): Tensor {
  requireSameShape("l1Loss", prediction, target);
  return scoped(() => reduced(abs(sub(prediction, target)), reduction));
}

/**
 * With d = |prediction - target|: d²/(2β) where d < β, d - β/2 elsewhere. Throws a ShapeError for different shapes.
 * R. Girshick, Fast R-CNN, 2015, https://arxiv.org/abs/1504.08083
 *
 * @example
 * nn.functional.smoothL1Loss(tensor([0, 0]), tensor([0.5, 3]), { reduction: "none" }); // tensor([0.1250, 2.5000])
 */
export function smoothL1Loss(
  prediction: Tensor,
  target: Tensor,
  { reduction, beta = 1 }: SmoothL1Options = {},
): Tensor {
  if (!(beta >= 0)) throw new ArgumentError("smoothL1Loss", `beta must be at least 0, got ${beta}`);
  if (beta === 0) return l1Loss(prediction, target, reduction === undefined ? {} : { reduction });
  requireSameShape("smoothL1Loss", prediction, target);
  return scoped(() => {
    const distance = abs(sub(prediction, target));
    const parabola = mul(square(distance), 0.5 / beta);
    return reduced(where(lt(distance, beta), parabola, sub(distance, 0.5 * beta)), reduction);
  });
}

/**
 * With d = |prediction - target|: d²/2 where d ≤ δ, δ(d - δ/2) elsewhere. Throws a ShapeError for different shapes.
 * P. Huber, Robust Estimation of a Location Parameter, 1964, https://doi.org/10.1214/aoms/1177703732
 *
 * @example
 * nn.functional.huberLoss(tensor([0, 0]), tensor([1, 3]), { delta: 2, reduction: "none" }); // tensor([0.5000, 4.0000])
 */
export function huberLoss(prediction: Tensor, target: Tensor, { reduction, delta = 1 }: HuberOptions = {}): Tensor {
  if (!(delta > 0)) throw new ArgumentError("huberLoss", `delta must be above 0, got ${delta}`);
  requireSameShape("huberLoss", prediction, target);
  return scoped(() => {
    const distance = abs(sub(prediction, target));
    const line = mul(sub(distance, 0.5 * delta), delta);
    return reduced(where(le(distance, delta), mul(square(distance), 0.5), line), reduction);
  });
}

/**
 * -(y·ln p + (1 - y)·ln(1 - p)) for probabilities p and targets y in [0, 1]; logarithms are at least -100, as in
 * PyTorch. Gradient: (p - y)/(p(1 - p)); 0 where a logarithm was bounded. Throws a ShapeError for different shapes.
 *
 * @example
 * nn.functional.binaryCrossEntropy(tensor([0.1, 0.8, 0.6]), tensor([1, 0, 1])); // tensor(1.4743)
 */
export function binaryCrossEntropy(
  prediction: Tensor,
  target: Tensor,
  { reduction, weight }: BinaryCrossEntropyOptions = {},
): Tensor {
  requireSameShape("binaryCrossEntropy", prediction, target);
  return scoped(() => {
    const one = mul(target, boundedLog(prediction));
    const zero = mul(sub(1, target), boundedLog(sub(1, prediction)));
    return reduced(weighted(neg(add(one, zero)), weight), reduction);
  });
}

/**
 * Binary cross-entropy of σ(logits), without its overflow: (1 - y)·x + (1 + (posWeight - 1)·y)·ln(1 + e⁻ˣ). Gradient:
 * σ(x) - y. Throws a ShapeError for different shapes.
 *
 * @example
 * nn.functional.binaryCrossEntropyWithLogits(tensor([0, 100]), tensor([1, 1])); // tensor(0.3466)
 */
export function binaryCrossEntropyWithLogits(
  logits: Tensor,
  target: Tensor,
  { reduction, weight, posWeight }: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  requireSameShape("binaryCrossEntropyWithLogits", logits, target);
  return scoped(() => {
    const tail = softplus(neg(logits));
    const positive = posWeight === undefined ? tail : mul(tail, add(mul(sub(posWeight, 1), target), 1));
    return reduced(weighted(add(mul(sub(1, target), logits), positive), weight), reduction);
  });
}

/**
 * Kullback-Leibler divergence y·(ln y - x) of probabilities y (or, with `logTarget`, their logarithms) from
 * log-probabilities x; 0 where y is 0. Throws a ShapeError for different shapes. S. Kullback, R. Leibler, On
 * Information and Sufficiency, 1951, https://doi.org/10.1214/aoms/1177729694
 *
 * @example
 * const x = logSoftmax(tensor([[0, 0]]), 1);
 * nn.functional.klDiv(x, tensor([[1, 0]]), { reduction: "batchmean" }); // tensor(0.6931)
 */
export function klDiv(
  logProbabilities: Tensor,
  target: Tensor,
  { reduction = "mean", logTarget = false }: KlDivOptions = {},
): Tensor {
  requireSameShape("klDiv", logProbabilities, target);
  return scoped(() => {
    const terms = logTarget
      ? mul(exp(target), sub(target, logProbabilities))
      : sub(mul(target, log(where(gt(target, 0), target, 1))), mul(target, logProbabilities));
    if (reduction !== "batchmean") return reduced(terms, reduction);
    return div(sum(terms), logProbabilities.shape[0] ?? 1);
  });
}

/**
 * Cosine of the angle between the vectors along `dim`: x₁·x₂/(max(|x₁|, ε)·max(|x₂|, ε)). Throws a ShapeError for
 * different shapes.
 *
 * @example
 * nn.functional.cosineSimilarity(tensor([3, 4]), tensor([4, 3]), 0); // tensor(0.9600)
 */
export function cosineSimilarity(
  x1: Tensor,
  x2: Tensor,
  dim = 1,
  { eps = 1e-8 }: { readonly eps?: number } = {},
): Tensor {
  requireSameShape("cosineSimilarity", x1, x2);
  return scoped(() => {
    const squares = (x: Tensor) => clamp(sum(square(x), dim), { min: eps * eps });
    return div(sum(mul(x1, x2), dim), sqrt(mul(squares(x1), squares(x2))));
  });
}

/**
 * For rows N × D and targets N of 1 and -1: 1 - cos where the rows shall be alike, max(cos - margin, 0) where they
 * shall differ. Throws a ShapeError for different shapes.
 *
 * @example
 * nn.functional.cosineEmbeddingLoss(tensor([[1, 0]]), tensor([[0, 1]]), tensor([1])); // tensor(1.)
 */
export function cosineEmbeddingLoss(
  x1: Tensor,
  x2: Tensor,
  target: Tensor,
  { reduction, margin = 0 }: CosineEmbeddingOptions = {},
): Tensor {
  return scoped(() => {
    const cosine = cosineSimilarity(x1, x2, x1.ndim - 1);
    requireSameShape("cosineEmbeddingLoss", cosine, target);
    const differ = where(eq(target, -1), clamp(sub(cosine, margin), { min: 0 }), 0);
    return reduced(where(eq(target, 1), sub(1, cosine), differ), reduction);
  });
}

function reduced(losses: Tensor, reduction: LossOptions["reduction"] = "mean"): Tensor {
  if (reduction === "none") return losses;
  return reduction === "mean" ? mean(losses) : sum(losses);
}

function weighted(losses: Tensor, weight: Tensor | undefined): Tensor {
  return weight === undefined ? losses : mul(losses, weight);
}

/** max(ln p, -100), with a gradient of 0 rather than 0 · ∞ at p = 0. */
function boundedLog(p: Tensor): Tensor {
  const smallest = 2 ** -149;
  return maximum(log(maximum(p, smallest)), -100);
}
