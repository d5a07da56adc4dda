// Adam.

import { add, div, mul, sqrt, sub } from "../ops/functions/pointwise.ts";
import { zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { atLeastZero, Optimizer, type Update } from "./optimizer.ts";

export interface AdamOptions {
  /** Learning rate. Default: 1e-3. */
  readonly lr?: number;
  /** Decay of the means of gradients and of their squares. Default: [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Keeps the division finite. Default: 1e-8. */
  readonly eps?: number;
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  readonly weightDecay?: number;
}

interface AdamState {
  readonly step: number;
  readonly mean: Tensor;
  readonly square: Tensor;
  readonly [key: string]: Tensor | number;
}

/**
 * m ← β₁m + (1-β₁)g; v ← β₂v + (1-β₂)g²; w ← w - lr·m̂/(√v̂ + ε), with m̂ and v̂ corrected for their start at 0.
 *
 * D. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, 2015, https://arxiv.org/abs/1412.6980
 */
export class Adam extends Optimizer<AdamState> {
  readonly betas: readonly [number, number];
  readonly eps: number;
  readonly weightDecay: number;

  constructor(parameters: Iterable<Tensor>, options: AdamOptions = {}) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = 0 } = options;
    super(parameters, lr);
    this.betas = betas;
    this.eps = atLeastZero("Adam", "eps", eps);
    this.weightDecay = atLeastZero("Adam", "weightDecay", weightDecay);
  }

  protected override update(parameter: Tensor, grad: Tensor, state: AdamState | undefined): Update<AdamState> {
    const [beta1, beta2] = this.betas;
    const slope = this.weightDecay === 0 ? grad : add(grad, mul(parameter, this.weightDecay));
    const step = (state?.step ?? 0) + 1;
    const mean = add(mul(state?.mean ?? zeros(parameter.shape), beta1), mul(slope, 1 - beta1));
    const square = add(mul(state?.square ?? zeros(parameter.shape), beta2), mul(mul(slope, slope), 1 - beta2));
    const scale = add(div(sqrt(square), Math.sqrt(1 - beta2 ** step)), this.eps);
    const stepSize = this.lr / (1 - beta1 ** step);
    return { value: sub(parameter, mul(div(mean, scale), stepSize)), state: { step, mean, square } };
  }
}
