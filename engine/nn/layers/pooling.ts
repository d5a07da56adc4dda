// Pooling layers. No parameters.

import { avgPool2d, maxPool2d, type PoolOptions } from "../../ops/functions/image.ts";
import type { PairLike } from "../../ops/functions/operands.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Module } from "../module.ts";

abstract class Pool2d extends Module {
  readonly kernelSize: PairLike;
  readonly stride: PairLike;
  readonly padding: PairLike;

  constructor(kernelSize: PairLike, { stride = kernelSize, padding = 0 }: PoolOptions = {}) {
    super();
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
  }
}

const text = (value: PairLike) => (typeof value === "number" ? `${value}` : `(${value.join(", ")})`);

/** The largest value under each window, N × C × H × W. The stride defaults to the kernel size. */
export class MaxPool2d extends Pool2d {
  override forward(x: Tensor): Tensor {
    return maxPool2d(x, this.kernelSize, this);
  }

  protected override describe(): string {
    const { kernelSize, stride, padding } = this;
    return `kernel_size=${text(kernelSize)}, stride=${text(stride)}, padding=${text(padding)}, dilation=1, ceil_mode=False`;
  }
}

/** The mean under each window, N × C × H × W. The stride defaults to the kernel size; padding counts as zeros. */
export class AvgPool2d extends Pool2d {
  override forward(x: Tensor): Tensor {
    return avgPool2d(x, this.kernelSize, this);
  }

  protected override describe(): string {
    return `kernel_size=${text(this.kernelSize)}, stride=${text(this.stride)}, padding=${text(this.padding)}`;
  }
}
