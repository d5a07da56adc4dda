// Activation functions, in function form: compositions of ops that are stable for large |x| and have torch's gradients,
// also at kinks. Any shape; integers become float32 where the result is fractional. relu, sigmoid, tanh are primitives.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { narrow, reshape } from "../movement/movement.ts";
import { dimOf, toFloat } from "../operands.ts";
import { clamp, erf, expm1, log1p } from "./elementary.ts";
import { abs, add, div, exp, ge, gt, le, mul, neg, sigmoid, tanh, where } from "./pointwise.ts";

export interface GeluOptions {
  /** `tanh` for the approximation of GPT-2. Default: `none`, the exact function. */
  readonly approximate?: "none" | "tanh";
}

export interface SoftplusOptions {
  /** Sharpness of the bend. Default: 1. */
  readonly beta?: number;
  /** The function is the line x where beta · x is greater. Default: 20. */
  readonly threshold?: number;
}

/**
 * x where x > 0, slope · x elsewhere. Gradient: 1 or the slope; the slope at 0.
 * A. Maas, A. Hannun, A. Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013.
 *
 * @example
 * leakyRelu(tensor([-2, 0, 3]), 0.1); // tensor([-0.2000,  0.0000,  3.0000])
 */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return scoped(() => where(gt(x, 0), x, mul(x, negativeSlope)));
}

/**
 * x where x > 0, a learned slope times x elsewhere. `weight` has one element, or one for each entry of dimension 1 (the
 * channels). Gradient: 1 or the slope, and x where x ≤ 0. Throws a ShapeError for another number of slopes.
 * K. He et al., Delving Deep into Rectifiers, 2015, https://arxiv.org/abs/1502.01852.
 *
 * @example
 * prelu(tensor([-2, 3]), tensor([0.25])); // tensor([-0.5000,  3.0000])
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  const channels = x.ndim < 2 ? 1 : x.shape[1]!;
  if (weight.numel !== 1 && weight.numel !== channels) {
    const hint = "Dimension 1 holds the channels.";
    throw ShapeError.of("prelu", `needs 1 or ${channels} slopes`, { input: x.shape, weight: weight.shape }, hint);
  }
  return scoped(() => {
    const slopes = reshape(weight, weight.numel === 1 ? [] : [-1, ...new Array<number>(x.ndim - 2).fill(1)]);
    return where(gt(x, 0), x, mul(x, slopes));
  });
}

/**
 * x where x > 0, α(eˣ - 1) elsewhere. Gradient: 1 or αeˣ.
 * D. Clevert, T. Unterthiner, S. Hochreiter, Fast and Accurate Deep Network Learning by Exponential Linear Units, 2015,
 * https://arxiv.org/abs/1511.07289.
 *
 * @example
 * elu(tensor([-1, 0, 2])); // tensor([-0.6321,  0.0000,  2.0000])
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  // Bounded first: the branch that is not taken must not make 0 · ∞ of the gradient.
  return scoped(() => where(gt(x, 0), x, mul(expm1(clamp(x, { max: 0 })), alpha)));
}

/**
 * 1.0507 · elu(x, 1.6733): keeps mean 0 and variance 1 from layer to layer. Gradient: that of elu, scaled.
 * G. Klambauer et al., Self-Normalizing Neural Networks, 2017, https://arxiv.org/abs/1706.02515.
 *
 * @example
 * selu(tensor([-1, 0, 1])); // tensor([-1.1113,  0.0000,  1.0507])
 */
export function selu(x: Tensor): Tensor {
  return scoped(() => mul(elu(x, 1.6732632423543772), 1.0507009873554805));
}

/**
 * x · Φ(x) with the normal distribution function Φ(x) = (1 + erf(x/√2))/2; approximately
 * x · (1 + tanh(√(2/π)(x + 0.044715x³)))/2. Gradient: Φ(x) + x · φ(x).
 * D. Hendrycks, K. Gimpel, Gaussian Error Linear Units, 2016, https://arxiv.org/abs/1606.08415.
 *
 * @example
 * gelu(tensor([-1, 0, 1])); // tensor([-0.1587,  0.0000,  0.8413])
 * gelu(tensor([-1, 0, 1]), { approximate: "tanh" }); // tensor([-0.1588,  0.0000,  0.8412])
 */
export function gelu(x: Tensor, { approximate = "none" }: GeluOptions = {}): Tensor {
  if (approximate !== "none" && approximate !== "tanh") {
    throw new ArgumentError(
      "gelu",
      `approximate must be "none" or "tanh", got ${JSON.stringify(approximate)}`,
      "none is the exact function.",
    );
  }
  return scoped(() => {
    const half = mul(x, 0.5);
    if (approximate === "none") return mul(half, add(erf(mul(x, Math.SQRT1_2)), 1));
    const bent = mul(x, add(mul(mul(x, x), 0.044715), 1));
    return mul(half, add(tanh(mul(bent, Math.sqrt(2 / Math.PI))), 1));
  });
}

/**
 * x · σ(x), also called swish. Gradient: σ(x) · (1 + x(1 - σ(x))).
 * S. Elfwing, E. Uchibe, K. Doya, Sigmoid-Weighted Linear Units, 2017, https://arxiv.org/abs/1702.03118.
 *
 * @example
 * silu(tensor([-1, 0, 1])); // tensor([-0.2689,  0.0000,  0.7311])
 */
export function silu(x: Tensor): Tensor {
  return scoped(() => mul(x, sigmoid(x)));
}

/**
 * x · tanh(softplus(x)).
 * D. Misra, Mish: A Self Regularized Non-Monotonic Activation Function, 2019, https://arxiv.org/abs/1908.08681.
 *
 * @example
 * mish(tensor([-1, 0, 1])); // tensor([-0.3034,  0.0000,  0.8651])
 */
export function mish(x: Tensor): Tensor {
  return scoped(() => mul(x, tanh(softplus(x))));
}

/**
 * ln(1 + e^(βx))/β, a smooth relu; x itself where βx exceeds the threshold. Gradient: σ(βx). Throws an ArgumentError for
 * β = 0.
 *
 * @example
 * softplus(tensor([-1, 0, 100])); // tensor([  0.3133,   0.6931, 100.0000])
 */
export function softplus(x: Tensor, { beta = 1, threshold = 20 }: SoftplusOptions = {}): Tensor {
  if (beta === 0) throw new ArgumentError("softplus", "beta must not be 0", "The default is 1.");
  return scoped(() => {
    const scaled = mul(toFloat(x), beta);
    const bent = div(log1p(exp(clamp(scaled, { max: threshold }))), beta);
    return where(gt(scaled, threshold), x, bent);
  });
}

/**
 * ln σ(x) = -softplus(-x). Gradient: σ(-x).
 *
 * @example
 * logSigmoid(tensor([-100, 0, 1])); // tensor([-100.0000,   -0.6931,   -0.3133])
 */
export function logSigmoid(x: Tensor): Tensor {
  return scoped(() => neg(softplus(neg(x))));
}

/**
 * x/(1 + |x|). Gradient: 1/(1 + |x|)².
 *
 * @example
 * softsign(tensor([-1, 0, 3])); // tensor([-0.5000,  0.0000,  0.7500])
 */
export function softsign(x: Tensor): Tensor {
  return scoped(() => div(x, add(abs(x), 1)));
}

/**
 * x, but not below `min` and not above `max`. Gradient: 1 between the bounds, 0 on them and outside (unlike clamp).
 *
 * @example
 * hardtanh(tensor([-2, 0.5, 2])); // tensor([-1.0000,  0.5000,  1.0000])
 */
export function hardtanh(x: Tensor, min = -1, max = 1): Tensor {
  if (min >= max)
    throw new ArgumentError("hardtanh", `min must be below max, got ${min} and ${max}`, "The defaults are -1 and 1.");
  return scoped(() => where(le(x, min), min, where(ge(x, max), max, x)));
}

/**
 * min(max(x, 0), 6). Gradient: 1 between 0 and 6, else 0.
 * A. Krizhevsky, Convolutional Deep Belief Networks on CIFAR-10, 2010.
 *
 * @example
 * relu6(tensor([-1, 3, 8])); // tensor([0., 3., 6.])
 */
export function relu6(x: Tensor): Tensor {
  return hardtanh(x, 0, 6);
}

/**
 * relu6(x + 3)/6: a sigmoid of three lines. Gradient: 1/6 between -3 and 3, else 0.
 *
 * @example
 * hardSigmoid(tensor([-4, 0, 1.5])); // tensor([0.0000, 0.5000, 0.7500])
 */
export function hardSigmoid(x: Tensor): Tensor {
  return scoped(() => div(relu6(add(x, 3)), 6));
}

/**
 * a · σ(b), where a and b are the halves of x along `dim`. Result: x's shape with half the size there. Throws a ShapeError
 * for an odd size. Y. Dauphin et al., Language Modeling with Gated Convolutional Networks, 2016,
 * https://arxiv.org/abs/1612.08083.
 *
 * @example
 * glu(tensor([1, 2, 0, 0])); // tensor([0.5000, 1.0000])
 */
export function glu(x: Tensor, dim = -1): Tensor {
  const along = dimOf("glu", dim, x.shape);
  const size = x.shape[along];
  if (size === undefined || size % 2 !== 0) {
    const hint = "One half of the entries are gates for the other.";
    throw ShapeError.of("glu", `dimension ${dim} cannot be halved`, { input: x.shape }, hint);
  }
  return scoped(() => mul(narrow(x, along, 0, size / 2), sigmoid(narrow(x, along, size / 2, size / 2))));
}
