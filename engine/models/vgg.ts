// VGG: 3 × 3 convolutions only, two to four of them before each pooling.

import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  Dropout,
  init,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface VggOptions {
  /** Default: 1000, ImageNet's. */
  readonly numClasses?: number;
  /** Batch normalisation after each convolution, as in torchvision's `vgg16_bn`. Default: false, as in the paper. */
  readonly batchNorm?: boolean;
  /** Probability of dropout after the first two fully connected layers. Default: 0.5. */
  readonly dropout?: number;
}

/** Convolutions in each of the five blocks, by the number of layers with weights. */
const convolutions = { 16: [2, 2, 3, 3, 3], 19: [2, 2, 4, 4, 4] } as const;
const channels = [64, 128, 256, 512, 512] as const;

/**
 * What vgg16 and vgg19 give. Parts: `features`, `avgpool`, `classifier`.
 *
 * @example
 * const model = onMeta(() => models.vgg16());
 * onMeta(() => model.forward(rand([1, 3, 224, 224]))).shape; // [1, 1000]
 */
export class VGG extends Module {
  readonly features: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  readonly classifier: Sequential;

  constructor(layers: keyof typeof convolutions, options: VggOptions = {}) {
    super();
    const { numClasses = 1000, batchNorm = false, dropout = 0.5 } = options;
    let inChannels = 3;
    const features: Module[] = [];
    for (const [block, count] of convolutions[layers].entries()) {
      const out = channels[block]!;
      for (let i = 0; i < count; i++) {
        features.push(new Conv2d(inChannels, out, 3, { padding: 1 }));
        if (batchNorm) features.push(new BatchNorm2d(out));
        features.push(new ReLU());
        inChannels = out;
      }
      features.push(new MaxPool2d(2));
    }
    this.features = new Sequential(...features);
    this.avgpool = new AdaptiveAvgPool2d([7, 7]);
    this.classifier = new Sequential(
      new Linear(512 * 7 * 7, 4096),
      new ReLU(),
      new Dropout(dropout),
      new Linear(4096, 4096),
      new ReLU(),
      new Dropout(dropout),
      new Linear(4096, numClasses),
    );
    this.apply((layer) => {
      if (layer instanceof Conv2d) init.kaimingNormal_(layer.weight, { mode: "fanOut", nonlinearity: "relu" });
      else if (layer instanceof Linear) init.normal_(layer.weight, 0, 0.01);
      else return;
      init.zeros_(layer.bias!);
    });
  }

  override forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}

/**
 * VGG with 13 convolutional and 3 fully connected layers, N × 3 × 224 × 224 → N × numClasses (and other sizes from 32 on):
 * 138,357,544 parameters, 89 % of them fully connected; 15.47 billion multiply-accumulates. Names are torchvision's, so that its
 * weights load. K. Simonyan, A. Zisserman, Very Deep Convolutional Networks for Large-Scale Image Recognition, 2014,
 * https://arxiv.org/abs/1409.1556
 *
 * @example
 * const model = onMeta(() => models.vgg16());
 * model.summary([3, 224, 224]).totalParameters; // 138357544
 */
export function vgg16(options: VggOptions = {}): VGG {
  return new VGG(16, options);
}

/**
 * VGG with 16 convolutional and 3 fully connected layers, see vgg16: 143,667,240 parameters, 19.63 billion multiply-accumulates.
 *
 * @example
 * onMeta(() => models.vgg19()).summary([3, 224, 224]).totalParameters; // 143667240
 */
export function vgg19(options: VggOptions = {}): VGG {
  return new VGG(19, options);
}
