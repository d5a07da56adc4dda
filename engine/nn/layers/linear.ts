// The fully connected layers.

import type { Activation } from "../../ops/table.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { requireSize } from "../functional/checks.ts";
import { bilinear, linear } from "../functional/linear.ts";
import { defaultBias, defaultWeight, uniformParameter } from "../init/defaults.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { pythonBool } from "../python-text.ts";

export interface LinearOptions {
  /** Default: true. */
  readonly bias?: boolean;
}

/**
 * y = x·Wᵀ + b over the last dimension: … × in → … × out. Weight [out, in], bias [out]. Throws a ShapeError for another
 * number of features.
 *
 * @example
 * new nn.Linear(784, 10).forward(rand([32, 784])).shape; // [32, 10]
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(inFeatures: number, outFeatures: number, { bias = true }: LinearOptions = {}) {
    super();
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = defaultWeight([outFeatures, inFeatures]);
    this.bias = bias ? defaultBias(outFeatures, inFeatures) : undefined;
  }

  override forward(x: Tensor): Tensor {
    return this.activated(x, "none");
  }

  /** `forward` and an activation behind it, in one pass. */
  activated(x: Tensor, activation: Activation): Tensor {
    const hint = `The last size of the input must be ${this.inFeatures}; nn.Flatten makes rows of images.`;
    requireSize(this.constructor.name, "features", x, x.ndim - 1, this.inFeatures, hint);
    return linear(x, this.weight, this.bias, { activation });
  }

  protected override describe(): string {
    const bias = pythonBool(this.bias !== undefined);
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${bias}`;
  }
}

/**
 * yₖ = x₁ᵀ·Wₖ·x₂ + bₖ: … × in1 and … × in2 → … × out. Weight [out, in1, in2], bias [out]. Throws a ShapeError for other
 * features.
 *
 * @example
 * new nn.Bilinear(3, 4, 5).forward(rand([2, 3]), rand([2, 4])).shape; // [2, 5]
 */
export class Bilinear extends Module<[x1: Tensor, x2: Tensor]> {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(in1Features: number, in2Features: number, outFeatures: number, { bias = true }: LinearOptions = {}) {
    super();
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    const bound = 1 / Math.sqrt(in1Features);
    this.weight = uniformParameter([outFeatures, in1Features, in2Features], bound);
    this.bias = bias ? uniformParameter([outFeatures], bound) : undefined;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor {
    return bilinear(x1, x2, this.weight, this.bias);
  }

  protected override describe(): string {
    const { in1Features, in2Features, outFeatures } = this;
    const bias = pythonBool(this.bias !== undefined);
    return `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, bias=${bias}`;
  }
}
