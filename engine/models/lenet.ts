// LeNet-5 in the form taught today. As it was published: lenet-1998.ts.

import { AvgPool2d, Conv2d, Flatten, Linear, Sequential, Tanh } from "../nn/index.ts";

export interface LeNetOptions {
  /** Default: 10. */
  readonly numClasses?: number;
  /** 28 for MNIST as it is: 44,426 parameters. Default: 32, as in the paper. */
  readonly imageSize?: 28 | 32;
}

/**
 * LeNet-5 for N × 1 × 32 × 32 images and 10 classes, in the form taught today: 61,706 parameters, full connections in C3,
 * plain average pooling, logits instead of radial basis functions; 416,520 multiply-accumulates. See leNet1998.
 *
 * Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-Based Learning Applied to Document Recognition, Proceedings of the
 * IEEE 86 (1998), https://doi.org/10.1109/5.726791
 *
 * @example
 * const model = models.leNet5();
 * model.forward(rand([1, 1, 32, 32])).shape; // [1, 10]
 */
export function leNet5({ numClasses = 10, imageSize = 32 }: LeNetOptions = {}) {
  return new Sequential({
    c1: new Conv2d(1, 6, 5),
    tanh1: new Tanh(),
    s2: new AvgPool2d(2),
    c3: new Conv2d(6, 16, 5),
    tanh3: new Tanh(),
    s4: new AvgPool2d(2),
    c5: new Conv2d(16, 120, imageSize / 4 - 3),
    tanh5: new Tanh(),
    flatten: new Flatten(),
    f6: new Linear(120, 84),
    tanh6: new Tanh(),
    output: new Linear(84, numClasses),
  });
}
