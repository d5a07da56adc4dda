// The minimal gated unit. Not in PyTorch; weights are named and drawn as it would.

import type { Tensor } from "../../../tensor/tensor.ts";
import { mguSequence } from "../../functional/recurrent/mgu.ts";
import type { RecurrentWeights, SequenceOptions, SequenceResult } from "../../functional/recurrent/sequence.ts";
import { type CellKind, type GatedOptions, RecurrentLayer } from "./recurrent-layer.ts";

export const mguKind: CellKind = { gates: 2, states: 1, twoBiases: false, keepGate: { gate: 0, sign: -1 } };

/**
 * The minimal gated unit, see nn.functional.mguSequence for the formula. x [T, N, I] ([N, T, I] with batchFirst, [T, I]
 * without a batch) → the output of the last layer [T, N, H·directions] and all last states [layers·directions, N, H].
 * One bias, `bias_ih_l0`. Throws a ShapeError for other shapes. G. Zhou et al., Minimal Gated Unit for Recurrent Neural
 * Networks, 2016, https://arxiv.org/abs/1603.09420
 *
 * @example
 * const mgu = new nn.MGU(65, 128);
 * mgu.forward(rand([5, 8, 65]))[0].shape; // [5, 8, 128]
 * mgu.summary([5, 65], { batchDim: 1 }).totalParameters; // 49664
 */
export class MGU extends RecurrentLayer<Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: GatedOptions = {}) {
    super(mguKind, inputSize, hiddenSize, options);
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
    return mguSequence(x, state, weights, options);
  }
}
