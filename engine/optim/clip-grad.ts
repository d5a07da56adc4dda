// Clipping of gradients between `backward()` and `step()`. PyTorch has them as torch.nn.utils.clip_grad_norm_ and
// clip_grad_value_; here they stand with the optimisers, where they are used. Nothing is read: no GPU waits.

import { noGrad } from "../autograd/no-grad.ts";
import { ArgumentError } from "../core/errors.ts";
import { stack } from "../ops/functions/movement/movement.ts";
import { clamp } from "../ops/functions/pointwise/elementary.ts";
import { add, div, gt, mul, where } from "../ops/functions/pointwise/pointwise.ts";
import { norm } from "../ops/functions/reduction/statistics.ts";
import { zeros } from "../tensor/creation.ts";
import { scoped } from "../tensor/scope.ts";
import { Tensor } from "../tensor/tensor.ts";

export interface ClipGradNormOptions {
  /** p of the norm (Σ|g|ᵖ)^(1/p); Infinity for the largest element. Default: 2. */
  readonly normType?: number;
  /** Throw when the norm is NaN or infinite. Reads the norm, so only where the backend can wait. Default: false. */
  readonly errorIfNonfinite?: boolean;
}

/**
 * Scales all gradients by maxNorm/(norm + 1e-6) if that is below 1, as if they were one long vector, and gives the norm
 * they had, a scalar tensor. PyTorch's `clip_grad_norm_`. Parameters without a gradient are left out. Throws ArgumentError
 * for a `maxNorm` or `normType` out of range, and, if asked, for a norm that is not finite.
 *
 * R. Pascanu, T. Mikolov, Y. Bengio, On the difficulty of training recurrent neural networks, 2013,
 * https://arxiv.org/abs/1211.5063
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * w.mul(tensor([3, 4])).sum().backward();
 * optim.clipGradNorm([w], 1); // tensor(5.)
 * w.grad; // tensor([0.6000, 0.8000])
 */
export function clipGradNorm(
  parameters: Tensor | Iterable<Tensor>,
  maxNorm: number,
  { normType = 2, errorIfNonfinite = false }: ClipGradNormOptions = {},
): Tensor {
  if (!(maxNorm >= 0)) throw new ArgumentError("clipGradNorm", `maxNorm must be at least 0, got ${maxNorm}`);
  if (!(normType > 0)) throw new ArgumentError("clipGradNorm", `normType must be above 0, got ${normType}`);
  const leaves = withGradients(parameters);
  if (leaves.length === 0) return zeros([]);
  return noGrad(() => {
    const total = scoped(() => norm(stack(leaves.map((leaf) => norm(gradOf(leaf), normType))), normType));
    if (errorIfNonfinite && !Number.isFinite(total.itemSync())) {
      throw new ArgumentError(
        "clipGradNorm",
        `the norm of the gradients is ${total.itemSync()}, so they cannot be clipped`,
        "Look for the op that made it with detectAnomaly(fn), or set errorIfNonfinite: false.",
      );
    }
    replaceGradients(leaves, () => {
      const factor = div(maxNorm, add(total, 1e-6));
      // Not minimum(): a factor of NaN must reach the gradients, as in PyTorch.
      const clipped = where(gt(factor, 1), 1, factor);
      return leaves.map((leaf) => mul(gradOf(leaf), clipped));
    });
    return total;
  });
}

/**
 * Cuts every element of the gradients to [-clipValue, clipValue]. PyTorch's `clip_grad_value_`. Throws ArgumentError for a
 * negative `clipValue`.
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * w.mul(tensor([3, -4])).sum().backward();
 * optim.clipGradValue([w], 3.5);
 * w.grad; // tensor([ 3.0000, -3.5000])
 */
export function clipGradValue(parameters: Tensor | Iterable<Tensor>, clipValue: number): void {
  if (!(clipValue >= 0)) throw new ArgumentError("clipGradValue", `clipValue must be at least 0, got ${clipValue}`);
  const leaves = withGradients(parameters);
  noGrad(() => {
    replaceGradients(leaves, () => leaves.map((leaf) => clamp(gradOf(leaf), { min: -clipValue, max: clipValue })));
  });
}

function withGradients(parameters: Tensor | Iterable<Tensor>): Tensor[] {
  const list = parameters instanceof Tensor ? [parameters] : [...parameters];
  return list.filter((leaf) => leaf.peekGrad() !== undefined);
}

function gradOf(leaf: Tensor): Tensor {
  return leaf.peekGrad()!;
}

function replaceGradients(leaves: readonly Tensor[], make: () => Tensor[]): void {
  scoped(make).forEach((grad, index) => {
    leaves[index]!.replaceGrad(grad);
  });
}
