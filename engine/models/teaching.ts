// Networks small enough to be trained during a lecture, after the large ones of this folder.

import { AdaptiveAvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "../nn/index.ts";
import { ConvUnit, Inception } from "./inception.ts";

export interface TeachingOptions {
  /** Default: 10. */
  readonly numClasses?: number;
  /** 3 for colour images. Default: 1. */
  readonly inChannels?: number;
}

export interface TinyVggOptions extends TeachingOptions {
  /** Height and width of the images, a multiple of 4. Default: 28. */
  readonly imageSize?: number;
  /** Channels of the first block; the second has twice as many. Default: 16. */
  readonly width?: number;
}

/**
 * VGG's recipe in small: two blocks of two 3 × 3 convolutions and pooling, two fully connected layers. N × 1 × 28 × 28 →
 * N × numClasses: 117,434 parameters, 4.7 million multiply-accumulates. See vgg16.
 *
 * @example
 * const model = models.tinyVgg();
 * model.forward(rand([2, 1, 28, 28])).shape; // [2, 10]
 * model.summary([1, 28, 28]).totalParameters; // 117434
 */
export function tinyVgg(options: TinyVggOptions = {}) {
  const { numClasses = 10, inChannels = 1, imageSize = 28, width = 16 } = options;
  const block = (from: number, to: number) => [
    new Conv2d(from, to, 3, { padding: 1 }),
    new ReLU(),
    new Conv2d(to, to, 3, { padding: 1 }),
    new ReLU(),
    new MaxPool2d(2),
  ];
  return new Sequential({
    features: new Sequential(...block(inChannels, width), ...block(width, 2 * width)),
    flatten: new Flatten(),
    classifier: new Sequential(
      new Linear(2 * width * Math.floor(imageSize / 4) ** 2, 4 * width),
      new ReLU(),
      new Linear(4 * width, numClasses),
    ),
  });
}

/**
 * GoogLeNet's recipe in small: a convolution, two inception modules with batch normalisation, the mean over all pixels.
 * N × 1 × H × W → N × numClasses, any size from 4 on: 8,386 parameters, at 28 × 28 0.83 million multiply-accumulates. See Inception.
 *
 * @example
 * const model = models.miniInception();
 * model.forward(rand([2, 1, 16, 16])).shape; // [2, 10]
 * model.summary([1, 28, 28]).totalParameters; // 8386
 */
export function miniInception({ numClasses = 10, inChannels = 1 }: TeachingOptions = {}) {
  const first = new Inception(16, { one: 8, three: [8, 16], five: [4, 8], pool: 8 });
  const second = new Inception(first.outChannels, { one: 16, three: [12, 24], five: [4, 8], pool: 8 });
  return new Sequential({
    stem: new ConvUnit(inChannels, 16, 3, { padding: 1 }),
    pool1: new MaxPool2d(2),
    inception1: first,
    pool2: new MaxPool2d(2),
    inception2: second,
    mean: new AdaptiveAvgPool2d(1),
    flatten: new Flatten(),
    classifier: new Linear(second.outChannels, numClasses),
  });
}
