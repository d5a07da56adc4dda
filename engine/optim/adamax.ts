// Adamax: Adam with the largest gradient so far, slowly forgotten, in place of the root of the mean square.

import { abs, add, div, maximum, mul, sub } from "../ops/functions/pointwise/pointwise.ts";
import { zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { decayingMean, type MomentOptions } from "./moments.ts";
import { decayed, Optimizer, type ParametersOf, type Update } from "./optimizer.ts";

export interface AdamaxOptions extends MomentOptions {
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  weightDecay: number;
  /** Climb instead of descend. Default: false. */
  maximize: boolean;
}

type AdamaxState = { readonly step: number; readonly exp_avg: Tensor; readonly exp_inf: Tensor };

const defaults: AdamaxOptions = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false };

/**
 * m ← β₁m + (1-β₁)g; u ← max(β₂u, |g| + ε); w ← w - lr/(1-β₁ᵗ)·m/u. Throws ArgumentError for options out of range.
 *
 * D. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, section 7.1, 2015, https://arxiv.org/abs/1412.6980
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.Adamax([w], { lr: 0.1 });
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.9000, 0.9000])
 */
export class Adamax extends Optimizer<AdamaxOptions, AdamaxState> {
  constructor(parameters: ParametersOf<AdamaxOptions>, options: Partial<AdamaxOptions> = {}) {
    super(parameters, defaults, options);
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    { lr, betas, eps, weightDecay }: AdamaxOptions,
    state: AdamaxState | undefined,
  ): Update<AdamaxState> {
    const slope = decayed(grad, parameter, weightDecay);
    const step = (state?.step ?? 0) + 1;
    const mean = decayingMean(state?.exp_avg, slope, betas[0]);
    const largest = maximum(
      mul(state?.exp_inf ?? zeros(slope.shape, { device: slope.device }), betas[1]),
      add(abs(slope), eps),
    );
    const value = sub(parameter, mul(div(mean, largest), lr / (1 - betas[0] ** step)));
    return { value, state: { step, exp_avg: mean, exp_inf: largest } };
  }
}
