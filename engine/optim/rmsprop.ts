// RMSprop: the gradient divided by a running mean of its size.

import { add, div, mul, sqrt, sub } from "../ops/functions/pointwise/pointwise.ts";
import { zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { decayed, Optimizer, type ParametersOf, type Update } from "./optimizer.ts";

export interface RMSpropOptions {
  /** Learning rate. Default: 1e-2. */
  lr: number;
  /** Decay of the mean of squares. Default: 0.99. */
  alpha: number;
  /** Keeps the division finite. Default: 1e-8. */
  eps: number;
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  weightDecay: number;
  /** Share of the last direction that is kept. Default: 0. */
  momentum: number;
  /** Divide by the standard deviation instead: the squared mean is taken off the mean of squares. Default: false. */
  centered: boolean;
  /** Climb instead of descend. Default: false. */
  maximize: boolean;
}

type RMSpropState = {
  readonly step: number;
  readonly square_avg: Tensor;
  readonly grad_avg: Tensor | undefined;
  readonly momentum_buffer: Tensor | undefined;
};

const defaults: RMSpropOptions = {
  lr: 1e-2,
  alpha: 0.99,
  eps: 1e-8,
  weightDecay: 0,
  momentum: 0,
  centered: false,
  maximize: false,
};

/**
 * v ← αv + (1-α)g²; w ← w - lr·g/(√v + ε). Centred: v less the squared mean of g. With momentum: b ← μb + g/(√v + ε);
 * w ← w - lr·b. Throws ArgumentError for negative options.
 *
 * G. Hinton, Neural Networks for Machine Learning, lecture 6e, 2012,
 * https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf; centred: A. Graves, 2013,
 * https://arxiv.org/abs/1308.0850
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.RMSprop([w], { lr: 0.01 });
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.9000, 0.9000])
 */
export class RMSprop extends Optimizer<RMSpropOptions, RMSpropState> {
  constructor(parameters: ParametersOf<RMSpropOptions>, options: Partial<RMSpropOptions> = {}) {
    super(parameters, defaults, options);
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    { lr, alpha, eps, weightDecay, momentum, centered }: RMSpropOptions,
    state: RMSpropState | undefined,
  ): Update<RMSpropState> {
    const slope = decayed(grad, parameter, weightDecay);
    const nothing = () => zeros(parameter.shape, { device: parameter.device });
    const square = add(mul(state?.square_avg ?? nothing(), alpha), mul(mul(slope, slope), 1 - alpha));
    const mean = centered ? add(mul(state?.grad_avg ?? nothing(), alpha), mul(slope, 1 - alpha)) : undefined;
    const spread = mean === undefined ? square : sub(square, mul(mean, mean));
    const scaled = div(slope, add(sqrt(spread), eps));
    const direction = momentum === 0 ? undefined : add(mul(state?.momentum_buffer ?? nothing(), momentum), scaled);
    return {
      value: sub(parameter, mul(direction ?? scaled, lr)),
      state: { step: (state?.step ?? 0) + 1, square_avg: square, grad_avg: mean, momentum_buffer: direction },
    };
  }
}
