// RAdam: Adam that trusts its mean of squares only once enough gradients are in it, a warm-up without a schedule.

import { add, div, mul, sqrt, sub } from "../ops/functions/pointwise/pointwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type MomentOptions, type Moments, nextMoments } from "./moments.ts";
import { decayed, Optimizer, type ParametersOf, type Update } from "./optimizer.ts";

export interface RAdamOptions extends MomentOptions {
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  weightDecay: number;
}

const defaults: RAdamOptions = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0 };

/**
 * Adam's m and v with ρ∞ = 2/(1-β₂) - 1 and ρₜ = ρ∞ - 2tβ₂ᵗ/(1-β₂ᵗ): w ← w - lr·m̂ while ρₜ ≤ 5, then
 * w ← w - lr·r·m̂·√(1-β₂ᵗ)/(√v + ε) with r² = (ρₜ-4)(ρₜ-2)ρ∞/((ρ∞-4)(ρ∞-2)ρₜ). Throws ArgumentError for options out of range.
 *
 * L. Liu et al., On the Variance of the Adaptive Learning Rate and Beyond, 2020, https://arxiv.org/abs/1908.03265
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.RAdam([w], { lr: 0.01 });
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.9000, 0.9900])
 */
export class RAdam extends Optimizer<RAdamOptions, Moments> {
  constructor(parameters: ParametersOf<RAdamOptions>, options: Partial<RAdamOptions> = {}) {
    super(parameters, defaults, options);
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    { lr, betas, eps, weightDecay }: RAdamOptions,
    state: Moments | undefined,
  ): Update<Moments> {
    const moments = nextMoments(decayed(grad, parameter, weightDecay), betas, state);
    const { step, exp_avg: mean, exp_avg_sq: square } = moments;
    const corrected = div(mean, 1 - betas[0] ** step);
    const correction = 1 - betas[1] ** step;
    const longest = 2 / (1 - betas[1]) - 1;
    const length = longest - (2 * step * betas[1] ** step) / correction;
    if (length <= 5) return { value: sub(parameter, mul(corrected, lr)), state: moments };
    const rectified = Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
    const scaled = mul(div(corrected, add(sqrt(square), eps)), lr * Math.sqrt(correction) * rectified);
    return { value: sub(parameter, scaled), state: moments };
  }
}
