// Residual networks for ImageNet, with torchvision's names.

import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  init,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { BasicBlock, Bottleneck } from "./residual-blocks.ts";

export interface ResNetOptions {
  /** Default: 1000, ImageNet's. */
  readonly numClasses?: number;
}

/** Blocks in each of the four layers. */
type Depth = readonly [number, number, number, number];

/**
 * What resNet18 … resNet152 give. Parts: `conv1`, `layer1` … `layer4`, `fc`.
 *
 * @example
 * const model = onMeta(() => models.resNet18());
 * onMeta(() => model.forward(rand([1, 3, 224, 224]))).shape; // [1, 1000]
 */
export class ResNet extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly relu: ReLU;
  readonly maxpool: MaxPool2d;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly layer4: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  readonly fc: Linear;

  constructor(block: typeof BasicBlock | typeof Bottleneck, depth: Depth, { numClasses = 1000 }: ResNetOptions = {}) {
    super();
    let inChannels = 64;
    const layer = (channels: number, count: number, stride: number) => {
      const blocks = Array.from({ length: count }, (_, i) => {
        const made = new block(inChannels, channels, { stride: i === 0 ? stride : 1 });
        inChannels = channels * block.expansion;
        return made;
      });
      return new Sequential(...blocks);
    };
    this.conv1 = new Conv2d(3, 64, 7, { stride: 2, padding: 3, bias: false });
    this.bn1 = new BatchNorm2d(64);
    this.relu = new ReLU();
    this.maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
    this.layer1 = layer(64, depth[0], 1);
    this.layer2 = layer(128, depth[1], 2);
    this.layer3 = layer(256, depth[2], 2);
    this.layer4 = layer(512, depth[3], 2);
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.fc = new Linear(512 * block.expansion, numClasses);
    this.apply((module) => {
      if (module instanceof Conv2d) init.kaimingNormal_(module.weight, { mode: "fanOut", nonlinearity: "relu" });
    });
  }

  override forward(x: Tensor): Tensor {
    const stem = this.maxpool.forward(this.relu.forward(this.bn1.forward(this.conv1.forward(x))));
    const small = this.layer2.forward(this.layer1.forward(stem));
    const smallest = this.layer4.forward(this.layer3.forward(small));
    return this.fc.forward(this.avgpool.forward(smallest).flatten(1));
  }
}

/**
 * ResNet with 17 convolutional layers and a fully connected one, N × 3 × 224 × 224 → N × numClasses (and other sizes from 33 on):
 * 11,689,512 parameters, 1.81 billion multiply-accumulates. Names are torchvision's, so that its weights load.
 * K. He, X. Zhang, S. Ren, J. Sun, Deep Residual Learning for Image Recognition, 2015, https://arxiv.org/abs/1512.03385
 *
 * @example
 * const model = onMeta(() => models.resNet18());
 * model.summary([3, 224, 224]).totalParameters; // 11689512
 */
export function resNet18(options: ResNetOptions = {}): ResNet {
  return new ResNet(BasicBlock, [2, 2, 2, 2], options);
}

/**
 * ResNet of 34 layers, see resNet18: 21,797,672 parameters, 3.66 billion multiply-accumulates.
 *
 * @example
 * onMeta(() => models.resNet34()).summary([3, 224, 224]).totalParameters; // 21797672
 */
export function resNet34(options: ResNetOptions = {}): ResNet {
  return new ResNet(BasicBlock, [3, 4, 6, 3], options);
}

/**
 * ResNet of 50 layers, in blocks of three, see resNet18 and Bottleneck: 25,557,032 parameters, 4.09 billion multiply-accumulates.
 *
 * @example
 * onMeta(() => models.resNet50()).summary([3, 224, 224]).totalParameters; // 25557032
 */
export function resNet50(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 6, 3], options);
}

/**
 * ResNet of 101 layers, see resNet50: 44,549,160 parameters, 7.80 billion multiply-accumulates.
 *
 * @example
 * onMeta(() => models.resNet101()).summary([3, 224, 224]).totalParameters; // 44549160
 */
export function resNet101(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 4, 23, 3], options);
}

/**
 * ResNet of 152 layers, see resNet50: 60,192,808 parameters, 11.51 billion multiply-accumulates. Won ImageNet in 2015.
 *
 * @example
 * onMeta(() => models.resNet152()).summary([3, 224, 224]).totalParameters; // 60192808
 */
export function resNet152(options: ResNetOptions = {}): ResNet {
  return new ResNet(Bottleneck, [3, 8, 36, 3], options);
}
