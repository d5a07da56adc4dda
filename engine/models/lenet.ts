// LeNet-5.

import { Tanh } from "../nn/layers/activation.ts";
import { Conv2d } from "../nn/layers/convolution.ts";
import { Linear } from "../nn/layers/linear.ts";
import { AvgPool2d } from "../nn/layers/pooling.ts";
import { Sequential } from "../nn/layers/sequential.ts";
import { Flatten } from "../nn/layers/shape.ts";

/**
 * LeNet-5 for N × 1 × 32 × 32 images and 10 classes, in the form taught today: 61,706 parameters, full connections in C3,
 * plain average pooling, logits instead of radial basis functions. (In 1998: 60,000 trainable parameters.)
 *
 * Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, Gradient-Based Learning Applied to Document Recognition, Proceedings of the
 * IEEE 86 (1998), https://doi.org/10.1109/5.726791
 *
 * @example
 * const model = models.leNet5();
 * model.forward(rand([1, 1, 32, 32])).shape; // [1, 10]
 */
export function leNet5() {
  return new Sequential({
    c1: new Conv2d(1, 6, 5),
    tanh1: new Tanh(),
    s2: new AvgPool2d(2),
    c3: new Conv2d(6, 16, 5),
    tanh3: new Tanh(),
    s4: new AvgPool2d(2),
    c5: new Conv2d(16, 120, 5),
    tanh5: new Tanh(),
    flatten: new Flatten(),
    f6: new Linear(120, 84),
    tanh6: new Tanh(),
    output: new Linear(84, 10),
  });
}
