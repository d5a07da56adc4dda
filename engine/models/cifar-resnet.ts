// Residual networks for small images (CIFAR, digits), with the plain networks that they are compared with.

import { AdaptiveAvgPool2d, BatchNorm2d, Conv2d, init, Linear, Module, ReLU, Sequential } from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BasicBlock, type Shortcut } from "./residual-blocks.ts";

export interface CifarResNetOptions {
  /** Default: 10. */
  readonly numClasses?: number;
  /** 1 for grey images. Default: 3. */
  readonly inChannels?: number;
  /** `none` makes the plain network of the same depth. Default: `padding`, option A of the paper. */
  readonly shortcut?: Shortcut;
}

/**
 * What resNet8, resNet20 and resNet56 give. Parts: `conv1`, `layer1` … `layer3` of 16, 32 and 64 channels, `fc`.
 *
 * @example
 * const model = onMeta(() => models.resNet20());
 * onMeta(() => model.forward(rand([1, 3, 32, 32]))).shape; // [1, 10]
 */
export class CifarResNet extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly relu: ReLU;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  readonly fc: Linear;

  /** `blocks` of two convolutions in each of the three layers: 6 · blocks + 2 layers with weights. */
  constructor(blocks: number, options: CifarResNetOptions = {}) {
    super();
    const { numClasses = 10, inChannels = 3, shortcut = "padding" } = options;
    const layer = (from: number, channels: number) =>
      new Sequential(
        ...Array.from({ length: blocks }, (_, i) =>
          i > 0
            ? new BasicBlock(channels, channels, { shortcut })
            : new BasicBlock(from, channels, { shortcut, stride: channels / from }),
        ),
      );
    this.conv1 = new Conv2d(inChannels, 16, 3, { padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(16);
    this.relu = new ReLU();
    this.layer1 = layer(16, 16);
    this.layer2 = layer(16, 32);
    this.layer3 = layer(32, 64);
    this.avgpool = new AdaptiveAvgPool2d(1);
    this.fc = new Linear(64, numClasses);
    this.apply((module) => {
      if (module instanceof Conv2d) init.kaimingNormal_(module.weight, { nonlinearity: "relu" });
    });
  }

  override forward(x: Tensor): Tensor {
    const stem = this.relu.forward(this.bn1.forward(this.conv1.forward(x)));
    const features = this.layer3.forward(this.layer2.forward(this.layer1.forward(stem)));
    return this.fc.forward(this.avgpool.forward(features).flatten(1));
  }
}

/**
 * ResNet of 8 layers for lectures, N × 3 × H × W → N × numClasses, any size from 4 on: 75,290 parameters, at 16 × 16 3.1 million
 * multiply-accumulates. The smallest of the paper's family of 6n + 2 layers.
 * K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for Image Recognition, 2015, section 4.2, https://arxiv.org/abs/1512.03385
 *
 * @example
 * const model = models.resNet8({ inChannels: 1 });
 * model.forward(rand([2, 1, 16, 16])).shape; // [2, 10]
 * models.resNet8().summary([3, 16, 16]).totalParameters; // 75290
 */
export function resNet8(options: CifarResNetOptions = {}): CifarResNet {
  return new CifarResNet(1, options);
}

/**
 * ResNet of 20 layers for CIFAR-10, N × 3 × 32 × 32 → N × numClasses: 269,722 parameters, 40.6 million multiply-accumulates. See
 * resNet8.
 *
 * @example
 * const plain = onMeta(() => models.resNet20({ shortcut: "none" }));
 * plain.summary([3, 32, 32]).totalParameters; // 269722
 */
export function resNet20(options: CifarResNetOptions = {}): CifarResNet {
  return new CifarResNet(3, options);
}

/**
 * ResNet of 56 layers for CIFAR-10, N × 3 × 32 × 32 → N × numClasses: 853,018 parameters, 125.5 million multiply-accumulates. Better
 * than 20 layers with its shortcuts, and worse without. See resNet8.
 *
 * @example
 * onMeta(() => models.resNet56()).summary([3, 32, 32]).totalParameters; // 853018
 */
export function resNet56(options: CifarResNetOptions = {}): CifarResNet {
  return new CifarResNet(9, options);
}
