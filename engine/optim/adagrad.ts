// Adagrad: steps shrink where gradients have been large.

import { add, div, mul, sqrt, sub } from "../ops/functions/pointwise/pointwise.ts";
import { full } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { decayed, Optimizer, type ParametersOf, type Update } from "./optimizer.ts";

export interface AdagradOptions {
  /** Learning rate. Default: 1e-2. */
  lr: number;
  /** Divides the learning rate by 1 + lrDecay·(steps so far). Default: 0. */
  lrDecay: number;
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  weightDecay: number;
  /** What the sum of squares starts from. Default: 0. */
  initialAccumulatorValue: number;
  /** Keeps the division finite. Default: 1e-10. */
  eps: number;
  /** Climb instead of descend. Default: false. */
  maximize: boolean;
}

type AdagradState = { readonly step: number; readonly sum: Tensor };

const defaults: AdagradOptions = {
  lr: 1e-2,
  lrDecay: 0,
  weightDecay: 0,
  initialAccumulatorValue: 0,
  eps: 1e-10,
  maximize: false,
};

/**
 * s ← s + g²; w ← w - lr·g/(√s + ε), with lr divided by 1 + lrDecay·(t - 1). Throws ArgumentError for negative options.
 *
 * J. Duchi, E. Hazan, Y. Singer, Adaptive Subgradient Methods, 2011, https://jmlr.org/papers/v12/duchi11a.html
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.Adagrad([w], { lr: 0.01 });
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.9900, 0.9900])
 */
export class Adagrad extends Optimizer<AdagradOptions, AdagradState> {
  constructor(parameters: ParametersOf<AdagradOptions>, options: Partial<AdagradOptions> = {}) {
    super(parameters, defaults, options);
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    { lr, lrDecay, weightDecay, initialAccumulatorValue, eps }: AdagradOptions,
    state: AdagradState | undefined,
  ): Update<AdagradState> {
    const slope = decayed(grad, parameter, weightDecay);
    const step = (state?.step ?? 0) + 1;
    const sum = add(
      state?.sum ?? full(parameter.shape, initialAccumulatorValue, { device: parameter.device }),
      mul(slope, slope),
    );
    const scaled = div(slope, add(sqrt(sum), eps));
    return { value: sub(parameter, mul(scaled, lr / (1 + (step - 1) * lrDecay))), state: { step, sum } };
  }
}
