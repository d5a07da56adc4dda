// Stochastic gradient descent, with momentum if asked.

import { ArgumentError } from "../core/errors.ts";
import { add, mul, sub } from "../ops/functions/pointwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { atLeastZero, Optimizer, type Update } from "./optimizer.ts";

export interface SGDOptions {
  /** Learning rate. Default: 1e-3. */
  readonly lr?: number;
  /** Share of the last direction that is kept. Default: 0. */
  readonly momentum?: number;
  /** Share of the new gradient that is left out of the direction. Default: 0. */
  readonly dampening?: number;
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  readonly weightDecay?: number;
  /** Look one step of momentum ahead. Default: false. */
  readonly nesterov?: boolean;
}

interface SGDState {
  readonly direction: Tensor | undefined;
  readonly [key: string]: Tensor | undefined;
}

/**
 * v ← μ·v + (1 - dampening)·g; w ← w - lr·v, as in PyTorch (the first step takes v = g). Nesterov: w ← w - lr·(g + μ·v).
 *
 * I. Sutskever et al., On the importance of initialization and momentum, 2013,
 * https://proceedings.mlr.press/v28/sutskever13.html
 */
export class SGD extends Optimizer<SGDState> {
  readonly momentum: number;
  readonly dampening: number;
  readonly weightDecay: number;
  readonly nesterov: boolean;

  constructor(parameters: Iterable<Tensor>, options: SGDOptions = {}) {
    const { lr = 1e-3, momentum = 0, dampening = 0, weightDecay = 0, nesterov = false } = options;
    super(parameters, lr);
    this.momentum = atLeastZero("SGD", "momentum", momentum);
    this.dampening = dampening;
    this.weightDecay = atLeastZero("SGD", "weightDecay", weightDecay);
    this.nesterov = nesterov;
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new ArgumentError("SGD", "nesterov needs a momentum and no dampening");
    }
  }

  protected override update(parameter: Tensor, grad: Tensor, state: SGDState | undefined): Update<SGDState> {
    const { lr, momentum, dampening } = this;
    const slope = this.weightDecay === 0 ? grad : add(grad, mul(parameter, this.weightDecay));
    if (momentum === 0) return { value: sub(parameter, mul(slope, lr)), state: { direction: undefined } };
    const before = state?.direction;
    const direction = before === undefined ? slope.alias() : add(mul(before, momentum), mul(slope, 1 - dampening));
    const step = this.nesterov ? add(slope, mul(direction, momentum)) : direction;
    return { value: sub(parameter, mul(step, lr)), state: { direction } };
  }
}
