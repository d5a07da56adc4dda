// The minimal gated unit: a GRU whose one gate both forgets and resets. Gates in the order forget f, new n; one bias.

import { add, mul, sigmoid, sub, tanh } from "../../../ops/functions/pointwise/pointwise.ts";
import { gate, recur } from "../../../ops/functions/recurrent/steps.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
  bothBiases,
  type Cell,
  gateRows,
  type RecurrentWeights,
  type SequenceOptions,
  type SequenceResult,
  single,
  walk,
} from "./sequence.ts";

const cell: Cell = {
  inputBias: bothBiases,
  step: ({ weightHh }) => {
    const size = weightHh.shape[1]!;
    const [forget, fresh] = [gateRows(weightHh, size, 0), gateRows(weightHh, size, 1)];
    return (projected, [h]) => {
      const f = sigmoid(add(gate(projected, size, 0), recur(h!, forget)));
      const n = tanh(add(gate(projected, size, 1), recur(mul(f, h!), fresh)));
      return [add(h!, mul(f, sub(n, h!)))];
    };
  },
};

/**
 * f = σ(W·x + b + U·h), n = tanh(W·x + b + U·(f⊙h)), h′ = (1 - f)⊙h + f⊙n over a sequence: x [T, N, I], state [h] of
 * [N, H] → [output [T, N, H], h]. Weights of two gates. G. Zhou et al., Minimal Gated Unit for Recurrent Neural
 * Networks, 2016, https://arxiv.org/abs/1603.09420
 *
 * @example
 * const weights = { weightIh: zeros([2, 1]), weightHh: zeros([2, 1]) };
 * nn.functional.mguSequence(ones([2, 1, 1]), [ones([1, 1])], weights)[0].flatten(); // tensor([0.5000, 0.2500])
 */
export function mguSequence(
  x: Tensor,
  state: readonly Tensor[],
  weights: RecurrentWeights,
  options: SequenceOptions = {},
): SequenceResult {
  return walk(cell, x, state, weights, options);
}

/**
 * One step of mguSequence: x [N, I], state [h] → [h′].
 *
 * @example
 * const weights = { weightIh: zeros([2, 1]), weightHh: zeros([2, 1]) };
 * nn.functional.mguCell(ones([1, 1]), [ones([1, 1])], weights)[0]; // tensor([[0.5000]])
 */
export function mguCell(x: Tensor, state: readonly Tensor[], weights: RecurrentWeights): readonly Tensor[] {
  return single(cell, x, state, weights);
}
