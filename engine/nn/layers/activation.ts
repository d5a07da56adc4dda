// Activations as layers. None but PReLU has parameters; each takes and gives one shape, float32.

import { logSoftmax, softmax } from "../../ops/functions/classification.ts";
import {
  elu,
  type GeluOptions,
  gelu,
  glu,
  hardSigmoid,
  hardtanh,
  leakyRelu,
  logSigmoid,
  mish,
  prelu,
  relu6,
  type SoftplusOptions,
  selu,
  silu,
  softplus,
  softsign,
} from "../../ops/functions/pointwise/activation.ts";
import { relu, sigmoid, tanh } from "../../ops/functions/pointwise/pointwise.ts";
import { full } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { pythonFloat } from "../python-text.ts";

/**
 * What it is given: a layer that can take any other's place.
 *
 * @example
 * new nn.Identity().forward(tensor([1, 2])); // tensor([1., 2.])
 */
export class Identity extends Module {
  override forward(x: Tensor): Tensor {
    return x;
  }
}

/**
 * Hyperbolic tangent of every element.
 *
 * @example
 * new nn.Tanh().forward(tensor([0, 1])); // tensor([0.0000, 0.7616])
 */
export class Tanh extends Module {
  override forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/**
 * 1/(1 + e⁻ˣ) of every element.
 *
 * @example
 * new nn.Sigmoid().forward(tensor([0, 1])); // tensor([0.5000, 0.7311])
 */
export class Sigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/**
 * ln σ(x) of every element.
 *
 * @example
 * new nn.LogSigmoid().forward(tensor([0])); // tensor([-0.6931])
 */
export class LogSigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return logSigmoid(x);
  }
}

/**
 * relu6(x + 3)/6 of every element.
 *
 * @example
 * new nn.Hardsigmoid().forward(tensor([-4, 0])); // tensor([0.0000, 0.5000])
 */
export class Hardsigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return hardSigmoid(x);
  }
}

/**
 * max(x, 0) of every element.
 * V. Nair, G. Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010
 *
 * @example
 * new nn.ReLU().forward(tensor([-1, 2])); // tensor([0., 2.])
 */
export class ReLU extends Module {
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/**
 * min(max(x, 0), 6) of every element.
 *
 * @example
 * new nn.ReLU6().forward(tensor([-1, 8])); // tensor([0., 6.])
 */
export class ReLU6 extends Module {
  override forward(x: Tensor): Tensor {
    return relu6(x);
  }
}

/**
 * x where x > 0, slope · x elsewhere; see leakyRelu.
 *
 * @example
 * new nn.LeakyReLU(0.1).forward(tensor([-1, 2])); // tensor([-0.1000,  2.0000])
 */
export class LeakyReLU extends Module {
  readonly negativeSlope: number;

  constructor(negativeSlope = 0.01) {
    super();
    this.negativeSlope = negativeSlope;
  }

  override forward(x: Tensor): Tensor {
    return leakyRelu(x, this.negativeSlope);
  }

  protected override describe(): string {
    return `negative_slope=${pythonFloat(this.negativeSlope)}`;
  }
}

export interface PReluOptions {
  /** First slope. Default: 0.25. */
  readonly init?: number;
}

/**
 * x where x > 0, a learned slope times x elsewhere: one slope, or one for each channel (dimension 1). Weight
 * [numParameters]. Throws a ShapeError for another number of channels; see prelu.
 *
 * @example
 * new nn.PReLU().forward(tensor([-1, 2])); // tensor([-0.2500,  2.0000], grad_fn=<WhereBackward>)
 */
export class PReLU extends Module {
  readonly numParameters: number;
  readonly weight: Parameter;

  constructor(numParameters = 1, { init = 0.25 }: PReluOptions = {}) {
    super();
    this.numParameters = numParameters;
    this.weight = new Parameter(full([numParameters], init));
  }

  override forward(x: Tensor): Tensor {
    return prelu(x, this.weight);
  }

  protected override describe(): string {
    return `num_parameters=${this.numParameters}`;
  }
}

/**
 * x where x > 0, α(eˣ - 1) elsewhere; see elu.
 *
 * @example
 * new nn.ELU().forward(tensor([-1, 2])); // tensor([-0.6321,  2.0000])
 */
export class ELU extends Module {
  readonly alpha: number;

  constructor(alpha = 1) {
    super();
    this.alpha = alpha;
  }

  override forward(x: Tensor): Tensor {
    return elu(x, this.alpha);
  }

  protected override describe(): string {
    return `alpha=${pythonFloat(this.alpha)}`;
  }
}

/**
 * ELU with the constants that keep mean 0 and variance 1; see selu.
 *
 * @example
 * new nn.SELU().forward(tensor([-1, 1])); // tensor([-1.1113,  1.0507])
 */
export class SELU extends Module {
  override forward(x: Tensor): Tensor {
    return selu(x);
  }
}

/**
 * x · Φ(x), exactly or approximately; see gelu.
 *
 * @example
 * new nn.GELU().forward(tensor([-1, 1])); // tensor([-0.1587,  0.8413])
 */
export class GELU extends Module {
  readonly approximate: "none" | "tanh";

  constructor({ approximate = "none" }: GeluOptions = {}) {
    super();
    this.approximate = approximate;
  }

  override forward(x: Tensor): Tensor {
    return gelu(x, { approximate: this.approximate });
  }

  protected override describe(): string {
    return `approximate='${this.approximate}'`;
  }
}

/**
 * x · σ(x) of every element; see silu.
 *
 * @example
 * new nn.SiLU().forward(tensor([-1, 1])); // tensor([-0.2689,  0.7311])
 */
export class SiLU extends Module {
  override forward(x: Tensor): Tensor {
    return silu(x);
  }
}

/**
 * x · tanh(softplus(x)) of every element; see mish.
 *
 * @example
 * new nn.Mish().forward(tensor([-1, 1])); // tensor([-0.3034,  0.8651])
 */
export class Mish extends Module {
  override forward(x: Tensor): Tensor {
    return mish(x);
  }
}

/**
 * ln(1 + e^(βx))/β, the line x above the threshold; see softplus.
 *
 * @example
 * new nn.Softplus().forward(tensor([0, 100])); // tensor([  0.6931, 100.0000])
 */
export class Softplus extends Module {
  readonly beta: number;
  readonly threshold: number;

  constructor({ beta = 1, threshold = 20 }: SoftplusOptions = {}) {
    super();
    this.beta = beta;
    this.threshold = threshold;
  }

  override forward(x: Tensor): Tensor {
    return softplus(x, this);
  }

  protected override describe(): string {
    return `beta=${this.beta}, threshold=${this.threshold}`;
  }
}

/**
 * x/(1 + |x|) of every element.
 *
 * @example
 * new nn.Softsign().forward(tensor([-1, 3])); // tensor([-0.5000,  0.7500])
 */
export class Softsign extends Module {
  override forward(x: Tensor): Tensor {
    return softsign(x);
  }
}

/**
 * x, but not below `min` and not above `max`; see hardtanh.
 *
 * @example
 * new nn.Hardtanh().forward(tensor([-2, 0.5])); // tensor([-1.0000,  0.5000])
 */
export class Hardtanh extends Module {
  readonly min: number;
  readonly max: number;

  constructor(min = -1, max = 1) {
    super();
    this.min = min;
    this.max = max;
  }

  override forward(x: Tensor): Tensor {
    return hardtanh(x, this.min, this.max);
  }

  protected override describe(): string {
    return `min_val=${pythonFloat(this.min)}, max_val=${pythonFloat(this.max)}`;
  }
}

/**
 * a · σ(b), where a and b are the halves along `dim`; see glu.
 *
 * @example
 * new nn.GLU().forward(tensor([1, 2, 0, 0])); // tensor([0.5000, 1.0000])
 */
export class GLU extends Module {
  readonly dim: number;

  constructor(dim = -1) {
    super();
    this.dim = dim;
  }

  override forward(x: Tensor): Tensor {
    return glu(x, this.dim);
  }

  protected override describe(): string {
    return `dim=${this.dim}`;
  }
}

/**
 * eˣ/Σeˣ along `dim`.
 *
 * @example
 * new nn.Softmax(0).forward(tensor([0, 0])); // tensor([0.5000, 0.5000])
 */
export class Softmax extends Module {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  override forward(x: Tensor): Tensor {
    return softmax(x, this.dim);
  }

  protected override describe(): string {
    return `dim=${this.dim}`;
  }
}

/**
 * The logarithm of softmax along `dim`.
 *
 * @example
 * new nn.LogSoftmax(0).forward(tensor([0, 0])); // tensor([-0.6931, -0.6931])
 */
export class LogSoftmax extends Module {
  readonly dim: number;

  constructor(dim: number) {
    super();
    this.dim = dim;
  }

  override forward(x: Tensor): Tensor {
    return logSoftmax(x, this.dim);
  }
}
