// The fully connected layer.

import type { Tensor } from "../../tensor/tensor.ts";
import { linear } from "../functional/index.ts";
import { defaultBias, defaultWeight } from "../init.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";

export interface LinearOptions {
  /** Default: true. */
  readonly bias?: boolean;
}

/**
 * y = x·Wᵀ + b over the last dimension: … × in → … × out. Weight [out, in], bias [out].
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
    this.weight = defaultWeight([outFeatures, inFeatures], inFeatures);
    this.bias = bias ? defaultBias(outFeatures, inFeatures) : undefined;
  }

  override forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  protected override describe(): string {
    const bias = this.bias === undefined ? "False" : "True";
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${bias}`;
  }
}
