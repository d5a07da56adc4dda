// The gated recurrent unit. Gates in PyTorch's order: reset r, update z, new n.

import { pad } from "../../../ops/functions/movement/movement.ts";
import { add, mul, sigmoid, tanh } from "../../../ops/functions/pointwise/pointwise.ts";
import { between, gru, gruStep } from "../../../ops/functions/recurrent/gru.ts";
import { gate, recur } from "../../../ops/functions/recurrent/steps.ts";
import { zeros } from "../../../tensor/creation.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
  type Cell,
  gateRows,
  type RecurrentWeights,
  type SequenceOptions,
  type SequenceResult,
  single,
  walk,
  whole,
} from "./sequence.ts";

export interface GruOptions {
  /**
   * Where the reset gate acts: on U·h + c, as in PyTorch (true), or on h before the product, as in the paper (false).
   * Default: true.
   */
  readonly resetAfter?: boolean;
}

const resetAfterCell: Cell = {
  // Both biases of r and z meet; the second one of n belongs to what r resets.
  inputBias: ({ weightHh, biasIh, biasHh }) => {
    if (biasHh === undefined) return biasIh;
    const size = weightHh.shape[1]!;
    const opened = pad(gateRows(biasHh, size, 0, 2), [0, size]);
    return biasIh === undefined ? opened : add(biasIh, opened);
  },
  step: (weights) => gruStep(weights.weightHh, freshBias(weights)),
};

/** The second bias of n. */
function freshBias({ weightHh, biasHh }: RecurrentWeights): Tensor {
  const size = weightHh.shape[1]!;
  return biasHh === undefined ? zeros([size], { device: weightHh.device }) : gateRows(biasHh, size, 2);
}

const resetBeforeCell: Cell = {
  inputBias: ({ biasIh }) => biasIh,
  step: ({ weightHh, biasHh }) => {
    const size = weightHh.shape[1]!;
    const gates = [gateRows(weightHh, size, 0, 2), biasHh && gateRows(biasHh, size, 0, 2)] as const;
    const fresh = [gateRows(weightHh, size, 2), biasHh && gateRows(biasHh, size, 2)] as const;
    return (projected, [h]) => {
      const opened = sigmoid(add(gate(projected, size, 0, 2), recur(h!, ...gates)));
      const n = tanh(add(gate(projected, size, 2), recur(mul(gate(opened, size, 0), h!), ...fresh)));
      return [between(n, h!, gate(opened, size, 1))];
    };
  },
};

const cellOf = ({ resetAfter = true }: GruOptions) => (resetAfter ? resetAfterCell : resetBeforeCell);

/**
 * r, z = σ(W·x + b + U·h + c), n = tanh(W·x + b + r⊙(U·h + c)), h′ = (1 - z)⊙n + z⊙h over a sequence: x [T, N, I],
 * state [h] of [N, H] → [output [T, N, H], h]. Weights of three gates. K. Cho et al., Learning Phrase Representations,
 * 2014, https://arxiv.org/abs/1406.1078
 *
 * @example
 * const weights = { weightIh: zeros([3, 1]), weightHh: zeros([3, 1]) };
 * nn.functional.gruSequence(ones([2, 1, 1]), [ones([1, 1])], weights)[0].flatten(); // tensor([0.5000, 0.2500])
 */
export function gruSequence(
  x: Tensor,
  state: readonly Tensor[],
  weights: RecurrentWeights,
  options: SequenceOptions & GruOptions = {},
): SequenceResult {
  if (options.resetAfter === false) return walk(resetBeforeCell, x, state, weights, options);
  const op = (pre: Tensor) => gru(pre, weights.weightHh, freshBias(weights), state[0]!);
  return whole(resetAfterCell, op, x, weights, options);
}

/**
 * One step of gruSequence: x [N, I], state [h] → [h′].
 *
 * @example
 * const weights = { weightIh: zeros([3, 1]), weightHh: zeros([3, 1]) };
 * nn.functional.gruCell(ones([1, 1]), [ones([1, 1])], weights)[0]; // tensor([[0.5000]])
 */
export function gruCell(
  x: Tensor,
  state: readonly Tensor[],
  weights: RecurrentWeights,
  options: GruOptions = {},
): readonly Tensor[] {
  return single(cellOf(options), x, state, weights);
}
