// What the optimisers of Adam's family share: running means of the gradient and of its square.

import { add, mul } from "../ops/functions/pointwise/pointwise.ts";
import { zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface MomentOptions {
  /** Learning rate. Default: 1e-3 (NAdam, Adamax: 2e-3). */
  lr: number;
  /** Decay of the means of gradients and of their squares. Default: [0.9, 0.999]. */
  betas: readonly [number, number];
  /** Keeps the division finite. Default: 1e-8. */
  eps: number;
}

export type Moments = { readonly step: number; readonly exp_avg: Tensor; readonly exp_avg_sq: Tensor };

/** m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g², and the number of the step. */
export function nextMoments(
  grad: Tensor,
  [beta1, beta2]: readonly [number, number],
  state: Moments | undefined,
): Moments {
  return {
    step: (state?.step ?? 0) + 1,
    exp_avg: decayingMean(state?.exp_avg, grad, beta1),
    exp_avg_sq: add(
      mul(state?.exp_avg_sq ?? zeros(grad.shape, { device: grad.device }), beta2),
      mul(mul(grad, grad), 1 - beta2),
    ),
  };
}

/** β·mean + (1-β)·value; the mean starts from 0. */
export function decayingMean(mean: Tensor | undefined, value: Tensor, beta: number): Tensor {
  return add(mul(mean ?? zeros(value.shape, { device: value.device }), beta), mul(value, 1 - beta));
}
