// Long short-term memory. Gates in PyTorch's order: input i, forget f, cell g, output o.

import { lstm, lstmStep } from "../../../ops/functions/recurrent/lstm.ts";
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

const cell: Cell = { inputBias: bothBiases, step: ({ weightHh }) => lstmStep(weightHh) };

/**
 * i, f, o = σ(W·x + b + U·h + c), g = tanh(…), c′ = f⊙c + i⊙g, h′ = o⊙tanh(c′) over a sequence: x [T, N, I], state [h,
 * c] of [N, H] → [output [T, N, H], h, c]. Weights of four gates. S. Hochreiter, J. Schmidhuber, Long Short-Term
 * Memory, 1997, https://doi.org/10.1162/neco.1997.9.8.1735; the forget gate by F. Gers et al., Learning to Forget,
 * 2000, https://doi.org/10.1162/089976600300015015
 *
 * @example
 * const weights = { weightIh: zeros([4, 1]), weightHh: zeros([4, 1]) };
 * nn.functional.lstmSequence(ones([2, 1, 1]), [zeros([1, 1]), ones([1, 1])], weights)[2]; // tensor([[0.2500]])
 */
export function lstmSequence(
  x: Tensor,
  [h, c]: readonly Tensor[],
  weights: RecurrentWeights,
  options: SequenceOptions = {},
): SequenceResult {
  return whole(cell, (pre) => lstm(pre, weights.weightHh, h!, c!), x, weights, options);
}

/**
 * One step of lstmSequence: x [N, I], state [h, c] → [h′, c′].
 *
 * @example
 * const weights = { weightIh: zeros([4, 1]), weightHh: zeros([4, 1]) };
 * nn.functional.lstmCell(ones([1, 1]), [zeros([1, 1]), ones([1, 1])], weights)[1]; // tensor([[0.5000]])
 */
export function lstmCell(x: Tensor, state: readonly Tensor[], weights: RecurrentWeights): readonly Tensor[] {
  return single(cell, x, state, weights);
}
