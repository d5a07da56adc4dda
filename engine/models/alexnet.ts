// AlexNet: of 2012, on two GPUs, and of 2014, in one piece.

import {
  AdaptiveAvgPool2d,
  Conv2d,
  Dropout,
  Flatten,
  init,
  Linear,
  LocalResponseNorm,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
} from "../nn/index.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface AlexNetOptions {
  /** Default: 1000, ImageNet's. */
  readonly numClasses?: number;
  /** Probability of dropout before the first two fully connected layers. Default: 0.5. */
  readonly dropout?: number;
}

/**
 * What alexNet gives. Parts: `features`, `avgpool`, `classifier`.
 *
 * @example
 * const model = onMeta(() => models.alexNet({ numClasses: 10 }));
 * onMeta(() => model.forward(rand([1, 3, 224, 224]))).shape; // [1, 10]
 */
export class AlexNet extends Module {
  readonly features: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  readonly classifier: Sequential;

  constructor({ numClasses = 1000, dropout = 0.5 }: AlexNetOptions = {}) {
    super();
    this.features = new Sequential(
      new Conv2d(3, 64, 11, { stride: 4, padding: 2 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
      new Conv2d(64, 192, 5, { padding: 2 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
      new Conv2d(192, 384, 3, { padding: 1 }),
      new ReLU(),
      new Conv2d(384, 256, 3, { padding: 1 }),
      new ReLU(),
      new Conv2d(256, 256, 3, { padding: 1 }),
      new ReLU(),
      new MaxPool2d(3, { stride: 2 }),
    );
    this.avgpool = new AdaptiveAvgPool2d([6, 6]);
    this.classifier = new Sequential(
      new Dropout(dropout),
      new Linear(256 * 6 * 6, 4096),
      new ReLU(),
      new Dropout(dropout),
      new Linear(4096, 4096),
      new ReLU(),
      new Linear(4096, numClasses),
    );
  }

  override forward(x: Tensor): Tensor {
    return this.classifier.forward(this.avgpool.forward(this.features.forward(x)).flatten(1));
  }
}

/**
 * AlexNet as torchvision has it, N × 3 × 224 × 224 → N × numClasses (and other sizes from 63 on): 61,100,840 parameters, 714 million
 * multiply-accumulates. Names are torchvision's, so that its weights load.
 * A. Krizhevsky, One Weird Trick for Parallelizing Convolutional Neural Networks, 2014, https://arxiv.org/abs/1404.5997
 *
 * @example
 * const model = onMeta(() => models.alexNet());
 * model.summary([3, 224, 224]).totalParameters; // 61100840
 */
export function alexNet(options: AlexNetOptions = {}): AlexNet {
  return new AlexNet(options);
}

/**
 * AlexNet as it won ImageNet in 2012, N × 3 × 227 × 227 → N × numClasses: 60,965,224 parameters, 724 million multiply-accumulates.
 * Two groups of filters in layers 2, 4 and 5, one for each GPU; local response normalisation; pooling windows that overlap.
 * (The paper says 224, which its strides do not fit.)
 * A. Krizhevsky, I. Sutskever, G. Hinton, ImageNet Classification with Deep Convolutional Neural Networks, 2012,
 * https://proceedings.neurips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html
 *
 * @example
 * const model = onMeta(() => models.alexNet2012());
 * model.get("conv2").weight.shape; // [256, 48, 5, 5]
 * model.summary([3, 227, 227]).totalParameters; // 60965224
 */
export function alexNet2012({ numClasses = 1000, dropout = 0.5 }: AlexNetOptions = {}) {
  // The paper's α stands before the sum, PyTorch's before the mean of five.
  const normalise = () => new LocalResponseNorm(5, { k: 2, alpha: 5 * 1e-4, beta: 0.75 });
  const pool = () => new MaxPool2d(3, { stride: 2 });
  const model = new Sequential({
    conv1: new Conv2d(3, 96, 11, { stride: 4 }),
    relu1: new ReLU(),
    norm1: normalise(),
    pool1: pool(),
    conv2: new Conv2d(96, 256, 5, { padding: 2, groups: 2 }),
    relu2: new ReLU(),
    norm2: normalise(),
    pool2: pool(),
    conv3: new Conv2d(256, 384, 3, { padding: 1 }),
    relu3: new ReLU(),
    conv4: new Conv2d(384, 384, 3, { padding: 1, groups: 2 }),
    relu4: new ReLU(),
    conv5: new Conv2d(384, 256, 3, { padding: 1, groups: 2 }),
    relu5: new ReLU(),
    pool5: pool(),
    flatten: new Flatten(),
    drop6: new Dropout(dropout),
    fc6: new Linear(256 * 6 * 6, 4096),
    relu6: new ReLU(),
    drop7: new Dropout(dropout),
    fc7: new Linear(4096, 4096),
    relu7: new ReLU(),
    fc8: new Linear(4096, numClasses),
  });
  // Section 5: biases of 1 feed the rectifiers positive numbers in the beginning.
  for (const [name, layer] of model.children()) {
    if (!(layer instanceof Conv2d || layer instanceof Linear)) continue;
    init.normal_(layer.weight, 0, 0.01);
    init.constant_(layer.bias!, ["conv2", "conv4", "conv5", "fc6", "fc7"].includes(name) ? 1 : 0);
  }
  return model;
}
