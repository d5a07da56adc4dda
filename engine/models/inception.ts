// The inception module: convolutions of several sizes side by side. Used by googlenet.ts and teaching.ts.

import { BatchNorm2d, Conv2d, type Conv2dOptions, MaxPool2d, Module, Sequential } from "../nn/index.ts";
import { cat } from "../ops/functions/movement/movement.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface ConvUnitOptions extends Omit<Conv2dOptions, "bias"> {
  /** Batch normalisation instead of a bias. Default: true. */
  readonly batchNorm?: boolean;
}

/**
 * Convolution, batch normalisation (eps 0.001) and ReLU: N × inChannels × H × W → N × outChannels × H′ × W′. torchvision's
 * BasicConv2d.
 *
 * @example
 * new models.ConvUnit(3, 8, 3, { padding: 1 }).forward(rand([2, 3, 16, 16])).shape; // [2, 8, 16, 16]
 */
export class ConvUnit extends Module {
  readonly conv: Conv2d;
  readonly bn: BatchNorm2d | undefined;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: ConvUnitOptions = {}) {
    super();
    const { batchNorm = true, ...rest } = options;
    this.conv = new Conv2d(inChannels, outChannels, kernelSize, { ...rest, bias: !batchNorm });
    this.bn = batchNorm ? new BatchNorm2d(outChannels, { eps: 0.001 }) : undefined;
  }

  override forward(x: Tensor): Tensor {
    const features = this.conv.forward(x);
    return (this.bn === undefined ? features : this.bn.forward(features)).relu();
  }
}

/** Channels of the branches: 1 × 1; 3 × 3 and 5 × 5, each after a 1 × 1 that reduces; 1 × 1 after pooling. */
export interface InceptionWidths {
  readonly one: number;
  readonly three: readonly [reduced: number, out: number];
  readonly five: readonly [reduced: number, out: number];
  readonly pool: number;
}

export interface InceptionOptions {
  /** Batch normalisation instead of biases. Default: true. */
  readonly batchNorm?: boolean;
  /**
   * Kernel of the third branch: 5 in the paper. torchvision's weights need 3, see https://github.com/pytorch/vision/issues/906.
   * Default: 5.
   */
  readonly five?: 3 | 5;
}

/**
 * Four branches on the same input, their channels joined: N × inChannels × H × W → N × (one + three + five + pool) × H × W. The
 * 1 × 1 convolutions before the larger ones save most of the products.
 * C. Szegedy et al., Going Deeper with Convolutions, 2014, https://arxiv.org/abs/1409.4842
 *
 * @example
 * const block = new models.Inception(192, { one: 64, three: [96, 128], five: [16, 32], pool: 32 });
 * block.outChannels; // 256
 * onMeta(() => block.forward(rand([1, 192, 28, 28]))).shape; // [1, 256, 28, 28]
 */
export class Inception extends Module {
  readonly outChannels: number;
  readonly branch1: ConvUnit;
  readonly branch2: Sequential;
  readonly branch3: Sequential;
  readonly branch4: Sequential;

  constructor(inChannels: number, widths: InceptionWidths, { batchNorm = true, five = 5 }: InceptionOptions = {}) {
    super();
    const { one, three, pool } = widths;
    const unit = (from: number, to: number, kernelSize: number) =>
      new ConvUnit(from, to, kernelSize, { batchNorm, padding: (kernelSize - 1) / 2 });
    this.outChannels = one + three[1] + widths.five[1] + pool;
    this.branch1 = unit(inChannels, one, 1);
    this.branch2 = new Sequential(unit(inChannels, three[0], 1), unit(three[0], three[1], 3));
    this.branch3 = new Sequential(unit(inChannels, widths.five[0], 1), unit(widths.five[0], widths.five[1], five));
    this.branch4 = new Sequential(new MaxPool2d(3, { stride: 1, padding: 1 }), unit(inChannels, pool, 1));
  }

  override forward(x: Tensor): Tensor {
    const branches = [this.branch1, this.branch2, this.branch3, this.branch4];
    return cat(
      branches.map((branch) => branch.forward(x)),
      1,
    );
  }
}
