// Adam, and AdamW, which shrinks the weights beside the gradient instead of through it.

import { add, div, maximum, mul, sqrt, sub } from "../ops/functions/pointwise/pointwise.ts";
import { update } from "../ops/update.ts";
import { zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type MomentOptions, type Moments, nextMoments } from "./moments.ts";
import { decayed, Optimizer, type ParametersOf, type Slot, type Update } from "./optimizer.ts";

export interface AdamOptions extends MomentOptions {
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  weightDecay: number;
  /** Divide by the largest mean of squares so far, so that steps never grow again. Default: false. */
  amsgrad: boolean;
  /** Climb instead of descend. Default: false. */
  maximize: boolean;
}

/** AdamW's options: Adam's, but `weightDecay` (default 1e-2) takes lr·weightDecay off the parameter itself. */
export type AdamWOptions = AdamOptions;

type AdamState = Moments & { readonly max_exp_avg_sq: Tensor | undefined };

const defaults: AdamOptions = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
};

/**
 * m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - lr·m̂/(√v̂ + ε), with m̂ and v̂ corrected for their start at 0. Throws
 * ArgumentError for options out of range.
 *
 * D. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, 2015, https://arxiv.org/abs/1412.6980; amsgrad: S. Reddi
 * et al., On the Convergence of Adam and Beyond, 2018, https://openreview.net/forum?id=ryQu7f-RZ
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.Adam([w], { lr: 0.1 });
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.9000, 0.9000])
 */
export class Adam extends Optimizer<AdamOptions, AdamState> {
  constructor(parameters: ParametersOf<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(parameters, defaults, options);
  }

  protected override updateAll(slots: readonly Slot<AdamState>[], group: AdamOptions): readonly Update<AdamState>[] {
    return group.amsgrad ? super.updateAll(slots, group) : fused(slots, group, { weightDecay: group.weightDecay });
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    options: AdamOptions,
    state: AdamState | undefined,
  ): Update<AdamState> {
    return adamStep(parameter, decayed(grad, parameter, options.weightDecay), options, state);
  }
}

/**
 * {@link Adam} with weight decay taken off the parameter, w ← w·(1 - lr·λ), instead of added to the gradient, where Adam
 * would scale it away. Default: λ = 1e-2.
 *
 * I. Loshchilov, F. Hutter, Decoupled Weight Decay Regularization, 2019, https://arxiv.org/abs/1711.05101
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.AdamW([w], { lr: 0.1, weightDecay: 0.01 });
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.8990, 0.8990])
 */
export class AdamW extends Optimizer<AdamWOptions, AdamState> {
  constructor(parameters: ParametersOf<AdamWOptions>, options: Partial<AdamWOptions> = {}) {
    super(parameters, { ...defaults, weightDecay: 1e-2 }, options);
  }

  protected override updateAll(slots: readonly Slot<AdamState>[], group: AdamOptions): readonly Update<AdamState>[] {
    return group.amsgrad
      ? super.updateAll(slots, group)
      : fused(slots, group, { shrink: 1 - group.lr * group.weightDecay });
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    options: AdamWOptions,
    state: AdamState | undefined,
  ): Update<AdamState> {
    return adamStep(mul(parameter, 1 - options.lr * options.weightDecay), grad, options, state);
  }
}

interface Decay {
  readonly weightDecay?: number;
  readonly shrink?: number;
}

/** {@link adamStep} without amsgrad, for all parameters at once. */
function fused(
  slots: readonly Slot<AdamState>[],
  { lr, betas: [beta1, beta2], eps, maximize }: AdamOptions,
  { weightDecay = 0, shrink = 1 }: Decay,
): readonly Update<AdamState>[] {
  const updates = new Map<Slot<AdamState>, Update<AdamState>>();
  // Parameters that were frozen for a while are behind.
  for (const [step, together] of Map.groupBy(slots, ({ state }) => (state?.step ?? 0) + 1)) {
    const inputs = together.map(({ parameter, grad, state }) => {
      const nothing = () => zeros(grad.shape, { device: grad.device });
      const { exp_avg, exp_avg_sq } = state ?? { exp_avg: nothing(), exp_avg_sq: nothing() };
      return [parameter, grad, exp_avg, exp_avg_sq] as const;
    });
    const outputs = update("adam", inputs, {
      ...{ beta1, beta2, eps, shrink, weightDecay, gradientScale: maximize ? -1 : 1 },
      stepSize: lr / (1 - beta1 ** step),
      rootScale: 1 / Math.sqrt(1 - beta2 ** step),
    });
    for (const [i, [value, exp_avg, exp_avg_sq]] of outputs.entries()) {
      updates.set(together[i]!, { value, state: { step, exp_avg, exp_avg_sq, max_exp_avg_sq: undefined } });
    }
  }
  return slots.map((slot) => updates.get(slot)!);
}

function adamStep(
  from: Tensor,
  slope: Tensor,
  { lr, betas, eps, amsgrad }: AdamOptions,
  state: AdamState | undefined,
): Update<AdamState> {
  const moments = nextMoments(slope, betas, state);
  const { step, exp_avg: mean, exp_avg_sq: square } = moments;
  const largest = amsgrad
    ? maximum(state?.max_exp_avg_sq ?? zeros(slope.shape, { device: slope.device }), square)
    : undefined;
  const scale = add(div(sqrt(largest ?? square), Math.sqrt(1 - betas[1] ** step)), eps);
  const stepSize = lr / (1 - betas[0] ** step);
  return { value: sub(from, mul(div(mean, scale), stepSize)), state: { ...moments, max_exp_avg_sq: largest } };
}
