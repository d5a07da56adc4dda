// Densely connected networks, with torchvision's names.

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
import { relu } from "../ops/functions/pointwise/pointwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { DenseBlock, type DenseBlockOptions, Transition } from "./dense-block.ts";

export interface DenseNetOptions extends DenseBlockOptions {
  /** Default: 1000, ImageNet's. */
  readonly numClasses?: number;
}

/**
 * What densenet121 gives. Parts: `features` with `denseblock1` …, `classifier`.
 *
 * @example
 * const model = onMeta(() => models.denseNet121());
 * onMeta(() => model.forward(rand([1, 3, 224, 224]))).shape; // [1, 1000]
 */
export class DenseNet extends Module {
  readonly features: Sequential;
  readonly classifier: Linear;
  readonly #avgpool = new AdaptiveAvgPool2d(1);

  /** `blocks`: how many layers each dense block has. */
  constructor(blocks: readonly number[], options: DenseNetOptions = {}) {
    super();
    let channels = 64;
    const features: Record<string, Module> = {
      conv0: new Conv2d(3, channels, 7, { stride: 2, padding: 3, bias: false }),
      norm0: new BatchNorm2d(channels),
      relu0: new ReLU(),
      pool0: new MaxPool2d(3, { stride: 2, padding: 1 }),
    };
    for (const [i, layers] of blocks.entries()) {
      const block = new DenseBlock(layers, channels, options);
      features[`denseblock${i + 1}`] = block;
      channels = block.outChannels;
      if (i === blocks.length - 1) break;
      features[`transition${i + 1}`] = new Transition(channels, Math.floor(channels / 2));
      channels = Math.floor(channels / 2);
    }
    features[`norm${blocks.length + 1}`] = new BatchNorm2d(channels);
    this.features = new Sequential(features);
    this.classifier = new Linear(channels, options.numClasses ?? 1000);
    this.apply((module) => {
      if (module instanceof Conv2d) init.kaimingNormal_(module.weight);
      else if (module instanceof Linear) init.zeros_(module.bias!);
    });
  }

  override forward(x: Tensor): Tensor {
    const pooled = this.#avgpool.forward(relu(this.features.forward(x)));
    return this.classifier.forward(pooled.flatten(1));
  }
}

/**
 * DenseNet of 121 layers in four dense blocks of growth rate 32, N × 3 × 224 × 224 → N × numClasses (and other sizes from 29 on):
 * 7,978,856 parameters, 2.83 billion multiply-accumulates. Names are torchvision's, so that its weights load.
 * G. Huang, Z. Liu, L. van der Maaten, K. Weinberger, Densely Connected Convolutional Networks, 2016,
 * https://arxiv.org/abs/1608.06993
 *
 * @example
 * const model = onMeta(() => models.denseNet121());
 * model.summary([3, 224, 224]).totalParameters; // 7978856
 */
export function denseNet121(options: DenseNetOptions = {}): DenseNet {
  return new DenseNet([6, 12, 24, 16], options);
}
