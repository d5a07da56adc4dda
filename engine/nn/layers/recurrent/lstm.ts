// Long short-term memory.

import type { Tensor } from "../../../tensor/tensor.ts";
import { lstmSequence } from "../../functional/recurrent/lstm.ts";
import type { RecurrentWeights, SequenceOptions, SequenceResult } from "../../functional/recurrent/sequence.ts";
import { type CellKind, type GatedOptions, RecurrentLayer } from "./recurrent-layer.ts";

/** Hidden state and cell. */
export type LstmState = readonly [h: Tensor, c: Tensor];

export const lstmKind: CellKind = { gates: 4, states: 2, twoBiases: true, keepGate: { gate: 1, sign: 1 } };

/**
 * Long short-term memory, see nn.functional.lstmSequence for the formula. x [T, N, I] ([N, T, I] with batchFirst, [T,
 * I] without a batch) → the output of the last layer [T, N, H·directions] and all last states h and c, each
 * [layers·directions, N, H]. Throws a ShapeError for other shapes. S. Hochreiter, J. Schmidhuber, Long Short-Term
 * Memory, 1997, https://doi.org/10.1162/neco.1997.9.8.1735
 *
 * @example
 * const lstm = new nn.LSTM(3, 4, { bidirectional: true, forgetBias: 1 });
 * const [output, [h, c]] = lstm.forward(rand([5, 8, 3]));
 * output.shape; // [5, 8, 8]
 * c.shape; // [2, 8, 4]
 */
export class LSTM extends RecurrentLayer<LstmState> {
  constructor(inputSize: number, hiddenSize: number, options: GatedOptions = {}) {
    super(lstmKind, inputSize, hiddenSize, options);
  }

  override forward(x: Tensor, state?: LstmState): [output: Tensor, state: LstmState] {
    const [output, h, c] = this.run(x, state);
    return [output!, [h!, c!]];
  }

  protected override sequence(
    x: Tensor,
    state: readonly Tensor[],
    weights: RecurrentWeights,
    options: SequenceOptions,
  ): SequenceResult {
    return lstmSequence(x, state, weights, options);
  }
}
