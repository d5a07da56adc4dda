// Adadelta: the length of a step comes from the lengths of the steps before, so that no learning rate has to be found.

import { add, div, mul, sqrt, sub } from "../ops/functions/pointwise/pointwise.ts";
import { zeros } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { decayed, Optimizer, type ParametersOf, type Update } from "./optimizer.ts";

export interface AdadeltaOptions {
  /** Factor of the step; the rule finds the length itself. Default: 1. */
  lr: number;
  /** Decay of the running means, from 0 to 1. Default: 0.9. */
  rho: number;
  /** Keeps the division finite and sets the first step's length. Default: 1e-6. */
  eps: number;
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  weightDecay: number;
  /** Climb instead of descend. Default: false. */
  maximize: boolean;
}

type AdadeltaState = { readonly step: number; readonly square_avg: Tensor; readonly acc_delta: Tensor };

const defaults: AdadeltaOptions = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false };

/**
 * v ← ρv + (1-ρ)g²; δ = g·√(u + ε)/√(v + ε); u ← ρu + (1-ρ)δ²; w ← w - lr·δ. Throws ArgumentError for options out of range.
 *
 * M. Zeiler, ADADELTA: An Adaptive Learning Rate Method, 2012, https://arxiv.org/abs/1212.5701
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.Adadelta([w]);
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.9968, 0.9968])
 */
export class Adadelta extends Optimizer<AdadeltaOptions, AdadeltaState> {
  constructor(parameters: ParametersOf<AdadeltaOptions>, options: Partial<AdadeltaOptions> = {}) {
    super(parameters, defaults, options);
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    { lr, rho, eps, weightDecay }: AdadeltaOptions,
    state: AdadeltaState | undefined,
  ): Update<AdadeltaState> {
    const slope = decayed(grad, parameter, weightDecay);
    const square = add(
      mul(state?.square_avg ?? zeros(parameter.shape, { device: parameter.device }), rho),
      mul(mul(slope, slope), 1 - rho),
    );
    const before = state?.acc_delta ?? zeros(parameter.shape, { device: parameter.device });
    const delta = mul(div(sqrt(add(before, eps)), sqrt(add(square, eps))), slope);
    const deltas = add(mul(before, rho), mul(mul(delta, delta), 1 - rho));
    return {
      value: sub(parameter, mul(delta, lr)),
      state: { step: (state?.step ?? 0) + 1, square_avg: square, acc_delta: deltas },
    };
  }
}
