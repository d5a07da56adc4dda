// Softmax and the losses of classification, in function form.

import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { sameShape } from "../../core/shape.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import type { Reduction } from "../table.ts";
import { indexSelect } from "./indexing/indexing.ts";
import { reshape, unsqueeze } from "./movement/movement.ts";
import { dimOf, toFloat } from "./operands.ts";
import { add, div, mul, ne, neg, where } from "./pointwise/pointwise.ts";
import { mean, sum } from "./reduction/reduction.ts";

export interface LossOptions {
  /** Default: `mean`. */
  readonly reduction?: Reduction;
}

export interface NllLossOptions extends LossOptions {
  /** A factor for each class, shape [C]; `mean` divides by the factors of the targets. Default: 1. */
  readonly weight?: Tensor;
  /** Targets of this number count for nothing. Default: -100. */
  readonly ignoreIndex?: number;
}

export interface CrossEntropyOptions extends NllLossOptions {
  /** This much of the target is spread evenly over all classes, from 0 to 1. Default: 0. */
  readonly labelSmoothing?: number;
}

/**
 * eˣ / Σ eˣ along `dim`. The shape stays; integers become float32. Gradient: y · (g - Σ g·y). Throws a ShapeError for a
 * dimension that is out of range.
 *
 * @example
 * softmax(tensor([0, Math.log(3)]), 0); // tensor([0.2500, 0.7500])
 */
export function softmax(x: Tensor, dim: number): Tensor {
  return dispatch("softmax", [toFloat(x)], { dim: dimOf("softmax", dim, x.shape) });
}

/**
 * x - ln Σ eˣ along `dim`: the logarithm of softmax, without its rounding. The shape stays; integers become float32.
 * Gradient: g - softmax · Σ g. Throws a ShapeError for a dimension that is out of range.
 *
 * @example
 * logSoftmax(tensor([1000, 1000]), 0); // tensor([-0.6931, -0.6931])
 */
export function logSoftmax(x: Tensor, dim: number): Tensor {
  return dispatch("logSoftmax", [toFloat(x)], { dim: dimOf("logSoftmax", dim, x.shape) });
}

/**
 * Negative log-likelihood: -weight[target] · logProbabilities[target]. Log-probabilities N × C × …, target int32 N × …; or
 * C and a scalar. `mean` divides by the sum of the targets' weights. Gradient: to the targets' entries. Throws a DtypeError
 * for targets that are not int32, a ShapeError for shapes that do not match and classes out of range.
 *
 * @example
 * const scores = tensor([[-1, -2], [-3, -4]]);
 * nn.functional.nllLoss(scores, tensor([0, 1], { dtype: "int32" })); // tensor(2.5000)
 */
export function nllLoss(logProbabilities: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  const { reduction = "mean", weight, ignoreIndex = -100 } = options;
  if (logProbabilities.ndim === 1 && target.ndim === 0) {
    return scoped(() => reshape(nllLoss(unsqueeze(logProbabilities, 0), unsqueeze(target, 0), options), []));
  }
  if (weight === undefined) return dispatch("nllLoss", [logProbabilities, target], { reduction, ignoreIndex });
  requireWeight("nllLoss", weight, logProbabilities.shape[1] ?? 0);
  return scoped(() => {
    const plain = dispatch("nllLoss", [logProbabilities, target], { reduction: "none", ignoreIndex });
    const factors = factorsOf(target, weight, ignoreIndex);
    return reduced(mul(plain, factors), reduction, factors);
  });
}

/**
 * Cross-entropy of logits N × C × … with class numbers N × … (int32) or probabilities of the logits' shape (float32):
 * -Σ target · logSoftmax(logits) over the classes. A single sample may leave out N. Gradient: softmax - target, averaged.
 * Throws errors as nllLoss does, and an ArgumentError for options that contradict the targets.
 * C. Szegedy et al., Rethinking the Inception Architecture, 2015, https://arxiv.org/abs/1512.00567 (label smoothing).
 *
 * @example
 * nn.functional.crossEntropy(zeros([1, 4]), tensor([2], { dtype: "int32" })); // tensor(1.3863)
 * nn.functional.crossEntropy(zeros([1, 2]), tensor([[0.5, 0.5]])); // tensor(0.6931)
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    const problem = `labelSmoothing must be between 0 and 1, got ${labelSmoothing}`;
    throw new ArgumentError("crossEntropy", problem, "0.1 is usual.");
  }
  const classes = logits.ndim < 2 ? 0 : 1;
  if (labelSmoothing === 0 && options.weight === undefined && logits.ndim === 2 && target.dtype === "int32") {
    const { reduction = "mean", ignoreIndex = -100 } = options;
    return dispatch("crossEntropy", [toFloat(logits), target], { reduction, ignoreIndex });
  }
  return scoped(() => {
    const scores = logSoftmax(logits, classes);
    if (target.dtype === "float32" && sameShape(target.shape, logits.shape)) {
      return withProbabilities(scores, target, classes, options);
    }
    const loss = nllLoss(scores, target, options);
    return labelSmoothing === 0 ? loss : smoothed(loss, scores, target, options);
  });
}

function withProbabilities(scores: Tensor, target: Tensor, classes: number, options: CrossEntropyOptions): Tensor {
  const { reduction = "mean", weight, ignoreIndex, labelSmoothing = 0 } = options;
  if (ignoreIndex !== undefined) {
    const hint = "Rows of zeros count for nothing.";
    throw new ArgumentError("crossEntropy", "ignoreIndex needs class numbers as targets, got probabilities", hint);
  }
  const count = scores.shape[classes] ?? 1;
  const spread = labelSmoothing === 0 ? target : add(mul(target, 1 - labelSmoothing), labelSmoothing / count);
  const losses = neg(sum(mul(weighted(scores, weight, classes), spread), classes));
  if (reduction === "none") return losses;
  return reduction === "sum" ? sum(losses) : mean(losses);
}

/** Part of the loss against the target, part against all classes alike. */
function smoothed(loss: Tensor, scores: Tensor, target: Tensor, options: CrossEntropyOptions): Tensor {
  const { reduction = "mean", weight, ignoreIndex = -100, labelSmoothing = 0 } = options;
  const classes = scores.ndim < 2 ? 0 : 1;
  const even = neg(sum(weighted(scores, weight, classes), classes));
  const factors = weight === undefined ? ne(target, ignoreIndex) : factorsOf(target, weight, ignoreIndex);
  const rest = reduced(where(ne(target, ignoreIndex), even, 0), reduction, factors);
  return add(mul(loss, 1 - labelSmoothing), mul(rest, labelSmoothing / scores.shape[classes]!));
}

/** Scores times the factors of their classes. */
function weighted(scores: Tensor, weight: Tensor | undefined, classes: number): Tensor {
  if (weight === undefined) return scores;
  requireWeight("crossEntropy", weight, scores.shape[classes] ?? 1);
  return mul(scores, reshape(weight, [-1, ...new Array<number>(scores.ndim - 1 - classes).fill(1)]));
}

/** The factor of each target; 0 where it is ignored. */
function factorsOf(target: Tensor, weight: Tensor, ignoreIndex: number): Tensor {
  const counts = ne(target, ignoreIndex);
  const labels = reshape(where(counts, target, 0), [-1]);
  return where(counts, reshape(indexSelect(weight, 0, labels), target.shape), 0);
}

/** The mean is taken over what counts. */
function reduced(losses: Tensor, reduction: Reduction, factors: Tensor): Tensor {
  if (reduction === "none") return losses;
  return reduction === "sum" ? sum(losses) : div(sum(losses), sum(factors));
}

function requireWeight(op: string, weight: Tensor, classes: number): void {
  if (weight.ndim === 1 && weight.shape[0] === classes) return;
  const hint = "Give one factor for each class.";
  throw ShapeError.of(op, `weight must have shape [${classes}]`, { weight: weight.shape }, hint);
}
