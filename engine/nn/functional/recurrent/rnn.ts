// The simple recurrent cell of Elman: h′ = φ(W·x + b + U·h + c).

import { rnn, rnnStep } from "../../../ops/functions/recurrent/rnn.ts";
import type { Nonlinearity } from "../../../ops/table.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import {
  bothBiases,
  type Cell,
  type RecurrentWeights,
  type SequenceOptions,
  type SequenceResult,
  single,
  whole,
} from "./sequence.ts";

export type { Nonlinearity };

function cellOf(nonlinearity: Nonlinearity): Cell {
  return { inputBias: bothBiases, step: ({ weightHh }) => rnnStep(weightHh, nonlinearity) };
}

/**
 * h′ = φ(W·x + b + U·h + c) over a sequence: x [T, N, I], state [h] of [N, H] → [output [T, N, H], h]. Weights of one
 * gate. J. Elman, Finding Structure in Time, 1990, https://doi.org/10.1207/s15516709cog1402_1
 *
 * @example
 * const weights = { weightIh: tensor([[1]]), weightHh: tensor([[0.5]]) };
 * const x = tensor([[[1]], [[0]]]);
 * nn.functional.rnnSequence(x, [zeros([1, 1])], weights, { nonlinearity: "relu" })[0].flatten(); // tensor([1.0000, 0.5000])
 */
export function rnnSequence(
  x: Tensor,
  state: readonly Tensor[],
  weights: RecurrentWeights,
  { nonlinearity = "tanh", ...options }: SequenceOptions & { readonly nonlinearity?: Nonlinearity } = {},
): SequenceResult {
  const op = (pre: Tensor) => rnn(pre, weights.weightHh, state[0]!, nonlinearity);
  return whole(cellOf(nonlinearity), op, x, weights, options);
}

/**
 * One step of rnnSequence: x [N, I], state [h] → [h′].
 *
 * @example
 * const weights = { weightIh: tensor([[1]]), weightHh: tensor([[1]]) };
 * nn.functional.rnnCell(tensor([[0.5]]), [tensor([[0.5]])], weights)[0]; // tensor([[0.7616]])
 */
export function rnnCell(
  x: Tensor,
  state: readonly Tensor[],
  weights: RecurrentWeights,
  { nonlinearity = "tanh" }: { readonly nonlinearity?: Nonlinearity } = {},
): readonly Tensor[] {
  return single(cellOf(nonlinearity), x, state, weights);
}
