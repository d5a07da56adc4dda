// Variance, norms and the logarithm of a sum of exponentials over all or some dimensions, in function form. Integers and
// booleans become float32. Gradients are finite where PyTorch's are: 0 for the deviation or norm of equal or zero elements.

import { noGrad } from "../../../autograd/no-grad.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { reshape } from "../movement/movement.ts";
import { dimsOf, type KeepDim, toFloat } from "../operands.ts";
import { isinf } from "../pointwise/comparison.ts";
import { sign, square } from "../pointwise/elementary.ts";
import { abs, add, div, eq, exp, log, pow, sqrt, sub, where } from "../pointwise/pointwise.ts";
import { amax, amin, mean, sum } from "./reduction.ts";

export interface VarianceOptions extends KeepDim {
  /** Subtracted from the number of elements in the divisor. Default: 1, for samples; 0 for whole populations. */
  readonly correction?: number;
}

/** One dimension, several, or (undefined) all. */
type Dims = number | readonly number[] | undefined;

/**
 * Σ(x - mean)²/(n - correction) over `dim`, over several, or over everything. Also `x.var()`. Gradient:
 * 2(x - mean)/(n - correction). NaN where n ≤ correction.
 *
 * @example
 * variance(tensor([1, 2, 3, 4])); // tensor(1.6667)
 * variance(tensor([1, 2, 3, 4]), 0, { correction: 0 }); // tensor(1.2500)
 */
export function variance(x: Tensor, dim?: Dims, { correction = 1, keepdim = false }: VarianceOptions = {}): Tensor {
  const dims = dimsOf("variance", dim, x.shape);
  const count = dims.reduce((product, d) => product * x.shape[d]!, 1);
  return scoped(() => {
    const squares = square(sub(x, mean(x, dims, { keepdim: true })));
    return div(sum(squares, dims, { keepdim }), Math.max(count - correction, 0));
  });
}

/**
 * Standard deviation: the root of the variance. Gradient: (x - mean)/((n - correction) · std); 0 where std is 0.
 *
 * @example
 * std(tensor([1, 2, 3, 4])); // tensor(1.2910)
 */
export function std(x: Tensor, dim?: Dims, options?: VarianceOptions): Tensor {
  return scoped(() => rootOf(variance(x, dim, options), sqrt));
}

/**
 * (Σ|x|ᵖ)^(1/p) over `dim`, over several, or over everything: the Euclidean length by default, the sum of sizes for p = 1,
 * the largest size for p = Infinity, the number of elements that are not 0 for p = 0. Gradient: x·|x|ᵖ⁻²/normᵖ⁻¹; 0 where
 * the norm is 0.
 *
 * @example
 * norm(tensor([3, -4])); // tensor(5.)
 * norm(tensor([3, -4]), 1); // tensor(7.)
 * norm(tensor([3, -4]), Infinity); // tensor(4.)
 */
export function norm(x: Tensor, p = 2, dim?: Dims, options?: KeepDim): Tensor {
  const dims = dimsOf("norm", dim, x.shape);
  return scoped(() => {
    if (p === 2) return rootOf(sum(square(toFloat(x)), dims, options), sqrt);
    const sizes = abs(toFloat(x));
    if (p === 0) return sum(sign(sizes), dims, options);
    if (p === Infinity) return amax(sizes, dims, options);
    if (p === -Infinity) return amin(sizes, dims, options);
    if (p === 1) return sum(sizes, dims, options);
    // Below 1 the power has no finite slope at 0; for negative p it is infinite there, and the norm is 0.
    const powers = p < 1 && p > 0 ? rootOf(sizes, (size) => pow(size, p)) : pow(sizes, p);
    return rootOf(sum(powers, dims, options), (total) => pow(total, 1 / p));
  });
}

/**
 * ln Σ eˣ over `dim` or over several, without overflow. Gradient: softmax.
 *
 * @example
 * logsumexp(tensor([1000, 1000]), 0); // tensor(1000.6932)
 */
export function logsumexp(x: Tensor, dim: number | readonly number[], { keepdim = false }: KeepDim = {}): Tensor {
  const dims = dimsOf("logsumexp", dim, x.shape);
  return scoped(() => {
    const logits = toFloat(x);
    if (x.numel === 0) return log(sum(exp(logits), dims, { keepdim }));
    const largest = noGrad(() => {
      const most = amax(logits, dims, { keepdim: true });
      return where(isinf(most), 0, most);
    });
    const total = log(sum(exp(sub(logits, largest)), dims, { keepdim }));
    return add(total, reshape(largest, total.shape));
  });
}

/** `root` with gradient 0 instead of an infinite one at 0. */
function rootOf(x: Tensor, root: (x: Tensor) => Tensor): Tensor {
  const isZero = eq(x, 0);
  return where(isZero, 0, root(where(isZero, 1, x)));
}
