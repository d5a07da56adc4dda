// Softmax and the losses of classification, in function form.

import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import type { Reduction } from "../table.ts";
import { reshape, unsqueeze } from "./movement.ts";
import { dimOf, toFloat } from "./operands.ts";

export interface LossOptions {
  /** Default: `mean`. */
  readonly reduction?: Reduction;
}

/** eˣ / Σ eˣ along `dim`. */
export function softmax(x: Tensor, dim: number): Tensor {
  return dispatch("softmax", [toFloat(x)], { dim: dimOf("softmax", dim, x.shape) });
}

/** x - ln Σ eˣ along `dim`: the logarithm of softmax, without its rounding. */
export function logSoftmax(x: Tensor, dim: number): Tensor {
  return dispatch("logSoftmax", [toFloat(x)], { dim: dimOf("logSoftmax", dim, x.shape) });
}

/** Negative log-likelihood: -logProbabilities[target]. Log-probabilities N × C × …, target int32 N × …; or C and a scalar. */
export function nllLoss(logProbabilities: Tensor, target: Tensor, { reduction = "mean" }: LossOptions = {}): Tensor {
  if (logProbabilities.ndim === 1 && target.ndim === 0) {
    const loss = dispatch("nllLoss", [unsqueeze(logProbabilities, 0), unsqueeze(target, 0)], { reduction });
    return reshape(loss, []);
  }
  return dispatch("nllLoss", [logProbabilities, target], { reduction });
}

/** Cross-entropy of logits N × C × … and class numbers N × … (int32): nllLoss of logSoftmax over the classes. */
export function crossEntropy(logits: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  return scoped(() => nllLoss(logSoftmax(logits, logits.ndim === 1 ? 0 : 1), target, options));
}
