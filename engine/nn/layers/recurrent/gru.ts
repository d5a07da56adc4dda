// The gated recurrent unit.

import type { Tensor } from "../../../tensor/tensor.ts";
import { gruSequence, type GruOptions as ResetOptions } from "../../functional/recurrent/gru.ts";
import type { RecurrentWeights, SequenceOptions, SequenceResult } from "../../functional/recurrent/sequence.ts";
import { type CellKind, type GatedOptions, RecurrentLayer } from "./recurrent-layer.ts";

export interface GruOptions extends GatedOptions, ResetOptions {}

export const gruKind: CellKind = { gates: 3, states: 1, twoBiases: true, keepGate: { gate: 1, sign: 1 } };

/**
 * The gated recurrent unit, see nn.functional.gruSequence for the formula. x [T, N, I] ([N, T, I] with batchFirst, [T,
 * I] without a batch) → the output of the last layer [T, N, H·directions] and all last states [layers·directions, N,
 * H]. Throws a ShapeError for other shapes. K. Cho et al., Learning Phrase Representations, 2014,
 * https://arxiv.org/abs/1406.1078
 *
 * @example
 * const [output, h] = new nn.GRU(3, 4).forward(rand([5, 8, 3]));
 * output.shape; // [5, 8, 4]
 * h.shape; // [1, 8, 4]
 */
export class GRU extends RecurrentLayer<Tensor> {
  readonly resetAfter: boolean;

  constructor(inputSize: number, hiddenSize: number, options: GruOptions = {}) {
    super(gruKind, inputSize, hiddenSize, options);
    this.resetAfter = options.resetAfter ?? true;
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
    return gruSequence(x, state, weights, { ...options, resetAfter: this.resetAfter });
  }
}
