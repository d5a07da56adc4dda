// NAdam: Adam that looks one step of its momentum ahead, as Nesterov does.

import { add, div, mul, sqrt, sub } from "../ops/functions/pointwise/pointwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type MomentOptions, type Moments, nextMoments } from "./moments.ts";
import { decayed, Optimizer, type ParametersOf, type Update } from "./optimizer.ts";

export interface NAdamOptions extends MomentOptions {
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  weightDecay: number;
  /** How slowly the momentum warms up. Default: 4e-3. */
  momentumDecay: number;
}

type NAdamState = Moments & { readonly mu_product: number };

const defaults: NAdamOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, momentumDecay: 4e-3 };

/**
 * With μₜ = β₁(1 - ½·0.96^(t·ψ)) and Adam's m and v: w ← w - lr/(√v̂ + ε)·((1-μₜ)/(1-Πμ)·g + μₜ₊₁/(1-Πμ·μₜ₊₁)·m). Throws
 * ArgumentError for options out of range.
 *
 * T. Dozat, Incorporating Nesterov Momentum into Adam, 2016, https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.NAdam([w], { lr: 0.1 });
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.8950, 0.8950])
 */
export class NAdam extends Optimizer<NAdamOptions, NAdamState> {
  constructor(parameters: ParametersOf<NAdamOptions>, options: Partial<NAdamOptions> = {}) {
    super(parameters, defaults, options);
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    { lr, betas, eps, weightDecay, momentumDecay }: NAdamOptions,
    state: NAdamState | undefined,
  ): Update<NAdamState> {
    const slope = decayed(grad, parameter, weightDecay);
    const moments = nextMoments(slope, betas, state);
    const { step, exp_avg: mean, exp_avg_sq: square } = moments;
    const momentumAt = (t: number) => betas[0] * (1 - 0.5 * 0.96 ** (t * momentumDecay));
    const [momentum, next] = [momentumAt(step), momentumAt(step + 1)];
    const product = (state?.mu_product ?? 1) * momentum;
    const scale = add(sqrt(div(square, 1 - betas[1] ** step)), eps);
    const fromGrad = mul(div(slope, scale), (lr * (1 - momentum)) / (1 - product));
    // PyTorch's own: the product already holds this step's momentum and is multiplied by it once more.
    const fromMean = mul(div(mean, scale), (lr * next) / (1 - product * momentum * next));
    return { value: sub(sub(parameter, fromGrad), fromMean), state: { ...moments, mu_product: product } };
  }
}
