// Stochastic gradient descent, with momentum if asked.

import { ArgumentError } from "../core/errors.ts";
import { add, mul, sub } from "../ops/functions/pointwise/pointwise.ts";
import { update } from "../ops/update.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { decayed, Optimizer, type ParametersOf, type Slot, type Update } from "./optimizer.ts";
import { withDefaults } from "./options.ts";

export interface SGDOptions {
  /** Learning rate. Default: 1e-3. */
  lr: number;
  /** Share of the last direction that is kept. Default: 0. */
  momentum: number;
  /** Share of the new gradient that is left out of the direction. Default: 0. */
  dampening: number;
  /** Adds this share of the parameter to its gradient (L2). Default: 0. */
  weightDecay: number;
  /** Look one step of momentum ahead. Default: false. */
  nesterov: boolean;
  /** Climb instead of descend. Default: false. */
  maximize: boolean;
}

type SGDState = { readonly momentum_buffer: Tensor | undefined };

const defaults: SGDOptions = {
  lr: 1e-3,
  momentum: 0,
  dampening: 0,
  weightDecay: 0,
  nesterov: false,
  maximize: false,
};

/**
 * v ← μ·v + (1 - dampening)·g; w ← w - lr·v, as in PyTorch (the first step takes v = g). Nesterov: w ← w - lr·(g + μ·v).
 * Throws ArgumentError for negative options, and for `nesterov` without momentum or with dampening.
 *
 * I. Sutskever et al., On the importance of initialization and momentum, 2013,
 * https://proceedings.mlr.press/v28/sutskever13.html
 *
 * @example
 * const w = tensor([1, 1], { requiresGrad: true });
 * const optimizer = new optim.SGD([w], { lr: 0.05, momentum: 0.9 });
 * w.mul(w).mul(tensor([10, 1])).sum().div(2).backward();
 * optimizer.step();
 * w.detach(); // tensor([0.5000, 0.9500])
 */
export class SGD extends Optimizer<SGDOptions, SGDState> {
  constructor(parameters: ParametersOf<SGDOptions>, options: Partial<SGDOptions> = {}) {
    super(parameters, defaults, options);
  }

  protected override check(known: SGDOptions, options: Partial<SGDOptions>): void {
    super.check(known, options);
    const { nesterov, momentum, dampening } = withDefaults(known, options);
    if (!nesterov || (momentum > 0 && dampening === 0)) return;
    throw new ArgumentError(
      "SGD",
      `nesterov needs a momentum and no dampening, got momentum ${momentum} and dampening ${dampening}`,
    );
  }

  protected override updateAll(slots: readonly Slot<SGDState>[], group: SGDOptions): readonly Update<SGDState>[] {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
    const slope = { gradientScale: maximize ? -1 : 1, weightDecay };
    if (momentum === 0) {
      const inputs = slots.map(({ parameter, grad }) => [parameter, grad] as const);
      const outputs = update("sgd", inputs, { ...slope, lr });
      return outputs.map(([value]) => ({ value, state: { momentum_buffer: undefined } }));
    }
    // The first step of a parameter takes v = g.
    const inputs = slots.map(({ parameter, grad, state }) => [parameter, grad, state?.momentum_buffer] as const);
    if (!inputs.every(isMoving)) return super.updateAll(slots, group);
    const outputs = update("momentum", inputs, { ...slope, lr, momentum, nesterov, gradientShare: 1 - dampening });
    return outputs.map(([value, momentum_buffer]) => ({ value, state: { momentum_buffer } }));
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    { lr, momentum, dampening, weightDecay, nesterov }: SGDOptions,
    state: SGDState | undefined,
  ): Update<SGDState> {
    const slope = decayed(grad, parameter, weightDecay);
    if (momentum === 0) return { value: sub(parameter, mul(slope, lr)), state: { momentum_buffer: undefined } };
    const before = state?.momentum_buffer;
    const direction = before === undefined ? slope.alias() : add(mul(before, momentum), mul(slope, 1 - dampening));
    const step = nesterov ? add(slope, mul(direction, momentum)) : direction;
    return { value: sub(parameter, mul(step, lr)), state: { momentum_buffer: direction } };
  }
}

type Moving = readonly [parameter: Tensor, grad: Tensor, velocity: Tensor];

function isMoving(input: readonly [parameter: Tensor, grad: Tensor, velocity: Tensor | undefined]): input is Moving {
  return input[2] !== undefined;
}
