// Losses as modules that take two tensors.

import type { Tensor } from "../tensor/tensor.ts";
import { crossEntropy, type LossOptions, mseLoss } from "./functional/index.ts";

abstract class Loss {
  protected readonly options: LossOptions;

  constructor(options: LossOptions = {}) {
    this.options = options;
  }

  abstract forward(prediction: Tensor, target: Tensor): Tensor;

  toString(): string {
    return `${this.constructor.name}()`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

/** Cross-entropy of logits N × C and class numbers N (int32). ln C before anything is learned. */
export class CrossEntropyLoss extends Loss {
  override forward(logits: Tensor, target: Tensor): Tensor {
    return crossEntropy(logits, target, this.options);
  }
}

/** Mean of the squared differences. */
export class MSELoss extends Loss {
  override forward(prediction: Tensor, target: Tensor): Tensor {
    return mseLoss(prediction, target, this.options);
  }
}
