// Dropout layers: random zeros in training, nothing in evaluation.

import type { Tensor } from "../../tensor/tensor.ts";
import { dropout, dropout2d, requireProbability } from "../functional/dropout.ts";
import { Module } from "../module.ts";
import { pythonFloat } from "../python-text.ts";

abstract class RandomZeros extends Module {
  readonly p: number;

  constructor(p = 0.5) {
    super();
    requireProbability(this.constructor.name, p);
    this.p = p;
  }

  protected override describe(): string {
    return `p=${pythonFloat(this.p)}, inplace=False`;
  }
}

/**
 * In training, sets elements to 0 with probability `p` and divides the others by 1 - p; in evaluation the identity. Any
 * shape. Throws an ArgumentError for p outside [0, 1].
 *
 * N. Srivastava et al., Dropout, JMLR 15 (2014), https://jmlr.org/papers/v15/srivastava14a.html
 *
 * @example
 * new nn.Dropout(0.2).eval().forward(tensor([1, 2])); // tensor([1., 2.])
 */
export class Dropout extends RandomZeros {
  override forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training });
  }
}

/**
 * Dropout of whole channels of N × C × H × W or C × H × W. Throws a ShapeError for other ranks.
 * J. Tompson et al., Efficient Object Localization Using Convolutional Networks, 2014, https://arxiv.org/abs/1411.4280
 *
 * @example
 * new nn.Dropout2d().eval().forward(ones([1, 1, 2, 2])).sum(); // tensor(4.)
 */
export class Dropout2d extends RandomZeros {
  override forward(x: Tensor): Tensor {
    return dropout2d(x, { p: this.p, training: this.training });
  }
}
