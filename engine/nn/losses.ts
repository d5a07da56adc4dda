// Losses as modules that take a prediction and a target. Formulas: nn/functional/losses and
// ops/functions/classification.

import {
  type CrossEntropyOptions,
  crossEntropy,
  type LossOptions,
  type NllLossOptions,
  nllLoss,
} from "../ops/functions/classification.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Buffer } from "./buffer.ts";
import {
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type CosineEmbeddingOptions,
  cosineEmbeddingLoss,
  type HuberOptions,
  huberLoss,
  type KlDivOptions,
  klDiv,
  l1Loss,
  mseLoss,
  type SmoothL1Options,
  smoothL1Loss,
} from "./functional/losses.ts";
import { Module } from "./module.ts";

type Pair = [prediction: Tensor, target: Tensor];

/** A loss and its options; tensors among them are buffers, as in PyTorch. */
abstract class Loss<O extends object, In extends readonly unknown[] = Pair> extends Module<In> {
  protected readonly options: O;
  readonly weight: Buffer | undefined;
  readonly posWeight: Buffer | undefined;

  constructor(options: O & { readonly weight?: Tensor; readonly posWeight?: Tensor }) {
    super();
    const { weight, posWeight } = options;
    this.weight = weight && new Buffer(weight);
    this.posWeight = posWeight && new Buffer(posWeight);
    this.options = {
      ...options,
      ...(this.weight && { weight: this.weight }),
      ...(this.posWeight && { posWeight: this.posWeight }),
    };
  }
}

/**
 * Mean of the squared differences; see mseLoss.
 *
 * @example
 * new nn.MSELoss().forward(tensor([30, 80, 85]), tensor([90, 20, 95])); // tensor(2433.3333)
 */
export class MSELoss extends Loss<LossOptions> {
  constructor(options: LossOptions = {}) {
    super(options);
  }

  override forward(prediction: Tensor, target: Tensor): Tensor {
    return mseLoss(prediction, target, this.options);
  }
}

/**
 * Mean of the absolute differences; see l1Loss.
 *
 * @example
 * new nn.L1Loss().forward(tensor([1, 2]), tensor([2, 4])); // tensor(1.5000)
 */
export class L1Loss extends Loss<LossOptions> {
  constructor(options: LossOptions = {}) {
    super(options);
  }

  override forward(prediction: Tensor, target: Tensor): Tensor {
    return l1Loss(prediction, target, this.options);
  }
}

/**
 * Squared differences below `beta`, absolute ones above; see smoothL1Loss.
 *
 * @example
 * new nn.SmoothL1Loss().forward(tensor([0, 0]), tensor([0.5, 3])); // tensor(1.3125)
 */
export class SmoothL1Loss extends Loss<SmoothL1Options> {
  constructor(options: SmoothL1Options = {}) {
    super(options);
  }

  override forward(prediction: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(prediction, target, this.options);
  }
}

/**
 * Squared differences up to `delta`, absolute ones above; see huberLoss.
 *
 * @example
 * new nn.HuberLoss({ delta: 2 }).forward(tensor([0, 0]), tensor([1, 3])); // tensor(2.2500)
 */
export class HuberLoss extends Loss<HuberOptions> {
  constructor(options: HuberOptions = {}) {
    super(options);
  }

  override forward(prediction: Tensor, target: Tensor): Tensor {
    return huberLoss(prediction, target, this.options);
  }
}

/**
 * Binary cross-entropy of probabilities; see binaryCrossEntropy.
 *
 * @example
 * new nn.BCELoss().forward(tensor([0.1, 0.8, 0.6]), tensor([1, 0, 1])); // tensor(1.4743)
 */
export class BCELoss extends Loss<BinaryCrossEntropyOptions> {
  constructor(options: BinaryCrossEntropyOptions = {}) {
    super(options);
  }

  override forward(prediction: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(prediction, target, this.options);
  }
}

/**
 * Binary cross-entropy of logits; see binaryCrossEntropyWithLogits.
 *
 * @example
 * new nn.BCEWithLogitsLoss().forward(tensor([0, 100]), tensor([1, 1])); // tensor(0.3466)
 */
export class BCEWithLogitsLoss extends Loss<BinaryCrossEntropyWithLogitsOptions> {
  constructor(options: BinaryCrossEntropyWithLogitsOptions = {}) {
    super(options);
  }

  override forward(logits: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropyWithLogits(logits, target, this.options);
  }
}

/**
 * Cross-entropy of logits N × C × … and class numbers N × … (int32) or probabilities. ln C before anything is learned;
 * see crossEntropy.
 *
 * @example
 * new nn.CrossEntropyLoss().forward(zeros([1, 10]), tensor([3], { dtype: "int32" })); // tensor(2.3026)
 */
export class CrossEntropyLoss extends Loss<CrossEntropyOptions> {
  constructor(options: CrossEntropyOptions = {}) {
    super(options);
  }

  override forward(logits: Tensor, target: Tensor): Tensor {
    return crossEntropy(logits, target, this.options);
  }
}

/**
 * Negative log-likelihood of log-probabilities N × C × … and class numbers N × … (int32); see nllLoss.
 *
 * @example
 * new nn.NLLLoss().forward(tensor([[-1, -2]]), tensor([1], { dtype: "int32" })); // tensor(2.)
 */
export class NLLLoss extends Loss<NllLossOptions> {
  constructor(options: NllLossOptions = {}) {
    super(options);
  }

  override forward(logProbabilities: Tensor, target: Tensor): Tensor {
    return nllLoss(logProbabilities, target, this.options);
  }
}

/**
 * Kullback-Leibler divergence of probabilities from log-probabilities; see klDiv.
 *
 * @example
 * const x = logSoftmax(tensor([[0, 0]]), 1);
 * new nn.KLDivLoss({ reduction: "batchmean" }).forward(x, tensor([[1, 0]])); // tensor(0.6931)
 */
export class KLDivLoss extends Loss<KlDivOptions> {
  constructor(options: KlDivOptions = {}) {
    super(options);
  }

  override forward(logProbabilities: Tensor, target: Tensor): Tensor {
    return klDiv(logProbabilities, target, this.options);
  }
}

/**
 * Makes rows alike or different, as the target says; see cosineEmbeddingLoss.
 *
 * @example
 * new nn.CosineEmbeddingLoss().forward(tensor([[1, 0]]), tensor([[0, 1]]), tensor([1])); // tensor(1.)
 */
export class CosineEmbeddingLoss extends Loss<CosineEmbeddingOptions, [x1: Tensor, x2: Tensor, target: Tensor]> {
  constructor(options: CosineEmbeddingOptions = {}) {
    super(options);
  }

  override forward(x1: Tensor, x2: Tensor, target: Tensor): Tensor {
    return cosineEmbeddingLoss(x1, x2, target, this.options);
  }
}
