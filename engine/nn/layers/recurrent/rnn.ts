// The simple recurrent layer.

import type { Tensor } from "../../../tensor/tensor.ts";
import { type Nonlinearity, rnnSequence } from "../../functional/recurrent/rnn.ts";
import type { RecurrentWeights, SequenceOptions, SequenceResult } from "../../functional/recurrent/sequence.ts";
import { type CellKind, RecurrentLayer, type RecurrentOptions } from "./recurrent-layer.ts";

export interface RnnOptions extends RecurrentOptions {
  /** Default: `tanh`. */
  readonly nonlinearity?: Nonlinearity;
}

export const rnnKind: CellKind = { gates: 1, states: 1, twoBiases: true };

/**
 * h′ = φ(W·x + b + U·h + c) over a sequence. x [T, N, I] ([N, T, I] with batchFirst, [T, I] without a batch) → the
 * output of the last layer [T, N, H·directions] and all last states [layers·directions, N, H]. Throws a ShapeError for
 * other shapes. J. Elman, Finding Structure in Time, 1990, https://doi.org/10.1207/s15516709cog1402_1
 *
 * @example
 * const rnn = new nn.RNN(3, 4, { numLayers: 2, batchFirst: true });
 * const [output, h] = rnn.forward(rand([8, 5, 3]));
 * output.shape; // [8, 5, 4]
 * h.shape; // [2, 8, 4]
 */
export class RNN extends RecurrentLayer<Tensor> {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RnnOptions = {}) {
    super(rnnKind, inputSize, hiddenSize, options);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  override forward(x: Tensor, h?: Tensor): [output: Tensor, h: Tensor] {
    const [output, last] = this.run(x, h && [h]);
    return [output!, last!];
  }

  protected override sequence(
    x: Tensor,
    state: readonly Tensor[],
    weights: RecurrentWeights,
    options: SequenceOptions,
  ): SequenceResult {
    return rnnSequence(x, state, weights, { ...options, nonlinearity: this.nonlinearity });
  }
}
