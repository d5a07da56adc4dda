// Recurrent networks step by step, composed of other ops: what their cells share. Where a whole sequence is one op, its
// steps are taken like this only when the gradient of its gradient is asked for.

import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { narrow, reshape } from "../movement/movement.ts";
import { add } from "../pointwise/pointwise.ts";
import { matmul } from "../products/matmul.ts";

/** One step: its projected input [N, g·H] and the state before it → the state after it, hidden state first. */
export type Step = (pre: Tensor, state: readonly Tensor[]) => readonly Tensor[];

export interface Steps {
  /** The hidden state after each step, in the order of the input. */
  readonly hidden: readonly Tensor[];
  /** The state after the step that was taken last. */
  readonly last: readonly Tensor[];
}

/** Takes a step for every entry of pre [T, N, g·H], with `reverse` from the last to the first. */
export function takeSteps(step: Step, pre: Tensor, state: readonly Tensor[], reverse = false): Steps {
  const inputs = unstack(pre);
  const hidden = new Array<Tensor>(inputs.length);
  let last = state;
  for (let i = 0; i < inputs.length; i++) {
    const t = reverse ? inputs.length - 1 - i : i;
    const before = last;
    last = scoped(() => step(inputs[t]!, before));
    hidden[t] = last[0]!;
  }
  return { hidden, last };
}

/** h·Wᵀ + b */
export function recur(h: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const product = matmul(h, weight, { transposeRhs: true });
  return bias === undefined ? product : add(product, bias);
}

/** Gate number `first` (and the `count - 1` after it) of N × g·H values. */
export function gate(values: Tensor, hidden: number, first: number, count = 1): Tensor {
  return narrow(values, -1, first * hidden, count * hidden);
}

/**
 * The entries along dimension 0. By halves: the gradient of a slice is as large as what it was cut from, so that
 * cutting T slices from the whole would cost T² on the way back.
 */
function unstack(x: Tensor): Tensor[] {
  const length = x.shape[0]!;
  if (length === 0) return [];
  if (length === 1) return [reshape(x, x.shape.slice(1))];
  const half = Math.floor(length / 2);
  return [...unstack(narrow(x, 0, 0, half)), ...unstack(narrow(x, 0, half, length - half))];
}
