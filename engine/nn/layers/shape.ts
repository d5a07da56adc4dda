// Layers that only arrange elements anew.

import { ShapeError } from "../../core/errors.ts";
import { formatShape } from "../../core/shape.ts";
import { flatten, reshape } from "../../ops/functions/movement/movement.ts";
import { dimOf } from "../../ops/functions/operands.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Module } from "../module.ts";
import { pythonTuple } from "../python-text.ts";

/**
 * Joins all dimensions but the first: N × C × H × W → N × C·H·W.
 *
 * @example
 * new nn.Flatten().forward(ones([2, 3, 4, 5])).shape; // [2, 60]
 */
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
 * Splits dimension `dim` into several: N × 60 → N × 3 × 4 × 5. One size may be -1. Throws a ShapeError for sizes that
 * do not multiply to the dimension's.
 *
 * @example
 * new nn.Unflatten(1, [3, 4, 5]).forward(ones([2, 60])).shape; // [2, 3, 4, 5]
 */
export class Unflatten extends Module {
  readonly dim: number;
  readonly unflattenedSize: readonly number[];

  constructor(dim: number, unflattenedSize: readonly number[]) {
    super();
    this.dim = dim;
    this.unflattenedSize = unflattenedSize;
  }

  override forward(x: Tensor): Tensor {
    const dim = dimOf("Unflatten", this.dim, x.shape);
    const known = this.unflattenedSize.reduce((product, size) => (size === -1 ? product : product * size), 1);
    const sizes = this.unflattenedSize.map((size) => (size === -1 ? Math.floor(x.shape[dim]! / known) : size));
    if (sizes.reduce((product, size) => product * size, 1) !== x.shape[dim]) {
      const problem = `dimension ${dim} of ${formatShape(x.shape)} cannot become ${formatShape(this.unflattenedSize)}`;
      throw new ShapeError("Unflatten", problem, [x.shape]);
    }
    return reshape(x, x.shape.toSpliced(dim, 1, ...sizes));
  }

  protected override describe(): string {
    return `dim=${this.dim}, unflattened_size=${pythonTuple(this.unflattenedSize)}`;
  }
}
