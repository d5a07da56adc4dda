// Activations as layers, and the two layers that only pass values on: Flatten and Dropout.

import { flatten } from "../../ops/functions/movement.ts";
import { relu, sigmoid, tanh } from "../../ops/functions/pointwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dropout } from "../functional/index.ts";
import { Module } from "../module.ts";

/** Hyperbolic tangent of every element. */
export class Tanh extends Module {
  override forward(x: Tensor): Tensor {
    return tanh(x);
  }
}

/** max(x, 0) of every element. */
export class ReLU extends Module {
  override forward(x: Tensor): Tensor {
    return relu(x);
  }
}

/** 1/(1 + e⁻ˣ) of every element. */
export class Sigmoid extends Module {
  override forward(x: Tensor): Tensor {
    return sigmoid(x);
  }
}

/** Joins all dimensions but the first: N × C × H × W → N × C·H·W. */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor(startDim = 1, endDim = -1) {
    super();
    this.startDim = startDim;
    this.endDim = endDim;
  }

  override forward(x: Tensor): Tensor {
    return flatten(x, this.startDim, this.endDim);
  }

  protected override describe(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}

/**
 * In training, sets elements to 0 with probability `p` and divides the others by 1 - p; in evaluation the identity.
 *
 * N. Srivastava et al., Dropout, JMLR 15 (2014), https://jmlr.org/papers/v15/srivastava14a.html
 */
export class Dropout extends Module {
  readonly p: number;

  constructor(p = 0.5) {
    super();
    this.p = p;
  }

  override forward(x: Tensor): Tensor {
    return dropout(x, { p: this.p, training: this.training });
  }

  protected override describe(): string {
    return `p=${this.p}, inplace=False`;
  }
}
