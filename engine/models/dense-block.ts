// The blocks of densely connected networks: every layer sees what all layers before it gave. Used by densenet.ts.

import { AvgPool2d, BatchNorm2d, Conv2d, Module, ReLU } from "../nn/index.ts";
import { cat } from "../ops/functions/movement/movement.ts";
import type { Tensor } from "../tensor/tensor.ts";

export interface DenseBlockOptions {
  /** Channels that each layer adds, k of the paper. Default: 32. */
  readonly growthRate?: number;
  /** Channels between a layer's two convolutions, by the growth rate. Default: 4. */
  readonly bottleneck?: number;
}

/**
 * One layer of a dense block: batch normalisation, ReLU and convolution, 1 × 1 and then 3 × 3. N × inChannels × H × W → the
 * N × growthRate × H × W that it adds.
 *
 * @example
 * new models.DenseLayer(16, { growthRate: 4 }).forward(rand([1, 16, 8, 8])).shape; // [1, 4, 8, 8]
 */
export class DenseLayer extends Module {
  readonly norm1: BatchNorm2d;
  readonly relu1: ReLU;
  readonly conv1: Conv2d;
  readonly norm2: BatchNorm2d;
  readonly relu2: ReLU;
  readonly conv2: Conv2d;

  constructor(inChannels: number, { growthRate = 32, bottleneck = 4 }: DenseBlockOptions = {}) {
    super();
    const between = bottleneck * growthRate;
    this.norm1 = new BatchNorm2d(inChannels);
    this.relu1 = new ReLU();
    this.conv1 = new Conv2d(inChannels, between, 1, { bias: false });
    this.norm2 = new BatchNorm2d(between);
    this.relu2 = new ReLU();
    this.conv2 = new Conv2d(between, growthRate, 3, { padding: 1, bias: false });
  }

  override forward(x: Tensor): Tensor {
    const reduced = this.conv1.forward(this.relu1.forward(this.norm1.forward(x)));
    return this.conv2.forward(this.relu2.forward(this.norm2.forward(reduced)));
  }
}

/**
 * `layers` dense layers, each on the channels of the input and of all layers before it: N × c × H × W → N × (c + layers · growthRate)
 * × H × W. G. Huang et al., Densely Connected Convolutional Networks, 2016, https://arxiv.org/abs/1608.06993
 *
 * @example
 * const block = new models.DenseBlock(3, 16, { growthRate: 4 });
 * block.outChannels; // 28
 * block.forward(rand([1, 16, 8, 8])).shape; // [1, 28, 8, 8]
 */
export class DenseBlock extends Module {
  readonly outChannels: number;
  readonly #layers: readonly DenseLayer[];

  constructor(layers: number, inChannels: number, options: DenseBlockOptions = {}) {
    super();
    const { growthRate = 32 } = options;
    this.outChannels = inChannels + layers * growthRate;
    this.#layers = Array.from({ length: layers }, (_, i) => new DenseLayer(inChannels + i * growthRate, options));
  }

  /** `denselayer1`, `denselayer2` … */
  override children(): readonly (readonly [string, DenseLayer])[] {
    return this.#layers.map((layer, i) => [`denselayer${i + 1}`, layer]);
  }

  override forward(x: Tensor): Tensor {
    let features = x;
    for (const layer of this.#layers) features = cat([features, layer.forward(features)], 1);
    return features;
  }
}

/**
 * What stands between two dense blocks: batch normalisation, ReLU, a 1 × 1 convolution and the mean of 2 × 2 pixels. N × inChannels
 * × H × W → N × outChannels × H/2 × W/2.
 *
 * @example
 * new models.Transition(28, 14).forward(rand([1, 28, 8, 8])).shape; // [1, 14, 4, 4]
 */
export class Transition extends Module {
  readonly norm: BatchNorm2d;
  readonly relu: ReLU;
  readonly conv: Conv2d;
  readonly pool: AvgPool2d;

  constructor(inChannels: number, outChannels: number) {
    super();
    this.norm = new BatchNorm2d(inChannels);
    this.relu = new ReLU();
    this.conv = new Conv2d(inChannels, outChannels, 1, { bias: false });
    this.pool = new AvgPool2d(2);
  }

  override forward(x: Tensor): Tensor {
    return this.pool.forward(this.conv.forward(this.relu.forward(this.norm.forward(x))));
  }
}
