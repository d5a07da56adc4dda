// GoogLeNet: nine inception modules. Without the auxiliary classifiers, which are of use in training only.

import { AdaptiveAvgPool2d, Conv2d, Dropout, init, Linear, LocalResponseNorm, MaxPool2d, Module } from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { ConvUnit, Inception } from "./inception.ts";

export interface GoogLeNetOptions {
  /** Default: 1000, ImageNet's. */
  readonly numClasses?: number;
  /** Probability of dropout before the last layer. Default: 0.2; in 2014 0.4. */
  readonly dropout?: number;
}

/** As published (biases, local response normalisation, 5 × 5) or torchvision's (batch normalisation, 3 × 3 for 5 × 5). */
type Edition = "2014" | "torchvision";

/** Table 1 of the paper; joined with the channels before each module. */
const widths = {
  "3a": [192, { one: 64, three: [96, 128], five: [16, 32], pool: 32 }],
  "3b": [256, { one: 128, three: [128, 192], five: [32, 96], pool: 64 }],
  "4a": [480, { one: 192, three: [96, 208], five: [16, 48], pool: 64 }],
  "4b": [512, { one: 160, three: [112, 224], five: [24, 64], pool: 64 }],
  "4c": [512, { one: 128, three: [128, 256], five: [24, 64], pool: 64 }],
  "4d": [512, { one: 112, three: [144, 288], five: [32, 64], pool: 64 }],
  "4e": [528, { one: 256, three: [160, 320], five: [32, 128], pool: 128 }],
  "5a": [832, { one: 256, three: [160, 320], five: [32, 128], pool: 128 }],
  "5b": [832, { one: 384, three: [192, 384], five: [48, 128], pool: 128 }],
} as const;

/**
 * What googLeNet and googLeNet2014 give. Parts: a stem of convolutions, `inception3a` … `inception5b`, `fc`.
 *
 * @example
 * const model = onMeta(() => models.googLeNet());
 * onMeta(() => model.forward(rand([1, 3, 224, 224]))).shape; // [1, 1000]
 */
export class GoogLeNet extends Module {
  readonly conv1: ConvUnit;
  readonly maxpool1: MaxPool2d;
  readonly norm1: LocalResponseNorm | undefined;
  readonly conv2: ConvUnit;
  readonly conv3: ConvUnit;
  readonly norm2: LocalResponseNorm | undefined;
  readonly maxpool2: MaxPool2d;
  readonly inception3a: Inception;
  readonly inception3b: Inception;
  readonly maxpool3: MaxPool2d;
  readonly inception4a: Inception;
  readonly inception4b: Inception;
  readonly inception4c: Inception;
  readonly inception4d: Inception;
  readonly inception4e: Inception;
  readonly maxpool4: MaxPool2d;
  readonly inception5a: Inception;
  readonly inception5b: Inception;
  readonly avgpool: AdaptiveAvgPool2d;
  readonly dropout: Dropout;
  readonly fc: Linear;

  constructor(edition: Edition, { numClasses = 1000, dropout }: GoogLeNetOptions = {}) {
    super();
    const isPublished = edition === "2014";
    const batchNorm = !isPublished;
    const normalise = () => (isPublished ? new LocalResponseNorm(5) : undefined);
    const pool = (kernelSize = 3) => new MaxPool2d(kernelSize, { stride: 2, ceilMode: true });
    const inception = (name: keyof typeof widths) => {
      const [inChannels, branches] = widths[name];
      return new Inception(inChannels, branches, { batchNorm, five: isPublished ? 5 : 3 });
    };
    this.conv1 = new ConvUnit(3, 64, 7, { batchNorm, stride: 2, padding: 3 });
    this.maxpool1 = pool();
    this.norm1 = normalise();
    this.conv2 = new ConvUnit(64, 64, 1, { batchNorm });
    this.conv3 = new ConvUnit(64, 192, 3, { batchNorm, padding: 1 });
    this.norm2 = normalise();
    this.maxpool2 = pool();
    this.inception3a = inception("3a");
    this.inception3b = inception("3b");
    this.maxpool3 = pool();
    this.inception4a = inception("4a");
    this.inception4b = inception("4b");
    this.inception4c = inception("4c");
    this.inception4d = inception("4d");
    this.inception4e = inception("4e");
    this.maxpool4 = pool(isPublished ? 3 : 2);
    this.inception5a = inception("5a");
    this.inception5b = inception("5b");
    this.avgpool = new AdaptiveAvgPool2d([1, 1]);
    this.dropout = new Dropout(dropout ?? (isPublished ? 0.4 : 0.2));
    this.fc = new Linear(1024, numClasses);
    // Torchvision draws normal numbers of deviation 0.01. The paper is silent: without batch normalisation that would starve.
    this.apply((layer) => {
      if (!(layer instanceof Conv2d || layer instanceof Linear)) return;
      if (batchNorm) init.truncNormal_(layer.weight, { std: 0.01 });
      else init.kaimingNormal_(layer.weight, { nonlinearity: "relu" });
    });
  }

  override forward(x: Tensor): Tensor {
    // Every property that is a layer comes in its turn.
    let features = x;
    for (const [, layer] of this.children()) {
      if (layer === this.dropout) features = features.flatten(1);
      features = (layer as Module).forward(features);
    }
    return features;
  }
}

/**
 * GoogLeNet as torchvision has it, N × 3 × 224 × 224 → N × numClasses (and other sizes from 15 on): 6,624,904 parameters, 1.50
 * billion multiply-accumulates. Names are torchvision's, so that its weights load; those of its auxiliary classifiers are left over:
 * `loadStateDict(weights, { strict: false })`.
 * C. Szegedy et al., Going Deeper with Convolutions, 2014, https://arxiv.org/abs/1409.4842
 *
 * @example
 * const model = onMeta(() => models.googLeNet());
 * model.summary([3, 224, 224]).totalParameters; // 6624904
 */
export function googLeNet(options: GoogLeNetOptions = {}): GoogLeNet {
  return new GoogLeNet("torchvision", options);
}

/**
 * GoogLeNet as it won ImageNet in 2014, N × 3 × 224 × 224 → N × numClasses: 6,998,552 parameters, 1.58 billion
 * multiply-accumulates. Biases instead of batch normalisation, local response normalisation twice, 5 × 5 where it says so.
 * C. Szegedy et al., Going Deeper with Convolutions, 2014, https://arxiv.org/abs/1409.4842
 *
 * @example
 * const model = onMeta(() => models.googLeNet2014());
 * model.summary([3, 224, 224]).totalParameters; // 6998552
 */
export function googLeNet2014(options: GoogLeNetOptions = {}): GoogLeNet {
  return new GoogLeNet("2014", options);
}
