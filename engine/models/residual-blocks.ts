// The blocks of residual networks: what is learned is added to what came in. Used by resnet.ts and cifar-resnet.ts.

import { BatchNorm2d, Conv2d, Module, ReLU, Sequential } from "../nn/index.ts";
import { pad } from "../ops/functions/movement/movement.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * What leads around a block whose output has another shape than its input: a 1 × 1 convolution (`projection`, option B of the paper),
 * every second pixel and channels of zeros (`padding`, option A, without parameters). `none`: nothing leads around any block, as in
 * a plain network.
 */
export type Shortcut = "projection" | "padding" | "none";

export interface BlockOptions {
  /** Of the first 3 × 3 convolution: 2 halves height and width. Default: 1. */
  readonly stride?: number;
  /** Default: `projection`. */
  readonly shortcut?: Shortcut;
}

const conv3x3 = (from: number, to: number, stride = 1) => new Conv2d(from, to, 3, { stride, padding: 1, bias: false });
const conv1x1 = (from: number, to: number, stride = 1) => new Conv2d(from, to, 1, { stride, bias: false });

/**
 * Two 3 × 3 convolutions with batch normalisation, and the input added before the last ReLU: N × inChannels × H × W → N × channels ×
 * H/stride × W/stride. K. He et al., Deep Residual Learning for Image Recognition, 2015, https://arxiv.org/abs/1512.03385
 *
 * @example
 * const block = new models.BasicBlock(16, 32, { stride: 2 });
 * block.forward(rand([2, 16, 8, 8])).shape; // [2, 32, 4, 4]
 * block.downsample.toString().includes("Conv2d(16, 32, kernel_size=(1, 1)"); // true
 */
export class BasicBlock extends Module {
  /** Output channels by `channels`. */
  static readonly expansion = 1;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly relu: ReLU;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: Module | undefined;
  readonly shortcut: Shortcut;

  constructor(inChannels: number, channels: number, { stride = 1, shortcut = "projection" }: BlockOptions = {}) {
    super();
    this.conv1 = conv3x3(inChannels, channels, stride);
    this.bn1 = new BatchNorm2d(channels);
    this.relu = new ReLU();
    this.conv2 = conv3x3(channels, channels);
    this.bn2 = new BatchNorm2d(channels);
    this.downsample = wayAround(inChannels, channels, stride, shortcut);
    this.shortcut = shortcut;
  }

  override forward(x: Tensor): Tensor {
    const hidden = this.relu.forward(this.bn1.forward(this.conv1.forward(x)));
    const learned = this.bn2.forward(this.conv2.forward(hidden));
    return this.relu.forward(joined(learned, x, this));
  }
}

/**
 * A 1 × 1 convolution to `channels`, a 3 × 3 and a 1 × 1 to 4 · channels, each with batch normalisation, and the input added before
 * the last ReLU: N × inChannels × H × W → N × 4 · channels × H/stride × W/stride. The stride is the 3 × 3's, as in torchvision (in the
 * paper the first 1 × 1's). K. He et al., Deep Residual Learning for Image Recognition, 2015, https://arxiv.org/abs/1512.03385
 *
 * @example
 * new models.Bottleneck(64, 16).forward(rand([2, 64, 8, 8])).shape; // [2, 64, 8, 8]
 */
export class Bottleneck extends Module {
  /** Output channels by `channels`. */
  static readonly expansion = 4;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly conv3: Conv2d;
  readonly bn3: BatchNorm2d;
  readonly relu: ReLU;
  readonly downsample: Module | undefined;
  readonly shortcut: Shortcut;

  constructor(inChannels: number, channels: number, { stride = 1, shortcut = "projection" }: BlockOptions = {}) {
    super();
    const outChannels = channels * Bottleneck.expansion;
    this.conv1 = conv1x1(inChannels, channels);
    this.bn1 = new BatchNorm2d(channels);
    this.conv2 = conv3x3(channels, channels, stride);
    this.bn2 = new BatchNorm2d(channels);
    this.conv3 = conv1x1(channels, outChannels);
    this.bn3 = new BatchNorm2d(outChannels);
    this.relu = new ReLU();
    this.downsample = wayAround(inChannels, outChannels, stride, shortcut);
    this.shortcut = shortcut;
  }

  override forward(x: Tensor): Tensor {
    const reduced = this.relu.forward(this.bn1.forward(this.conv1.forward(x)));
    const hidden = this.relu.forward(this.bn2.forward(this.conv2.forward(reduced)));
    const learned = this.bn3.forward(this.conv3.forward(hidden));
    return this.relu.forward(joined(learned, x, this));
  }
}

interface Residual {
  readonly shortcut: Shortcut;
  readonly downsample: Module | undefined;
}

function joined(learned: Tensor, x: Tensor, { shortcut, downsample }: Residual): Tensor {
  if (shortcut === "none") return learned;
  return learned.add(downsample === undefined ? x : downsample.forward(x));
}

function wayAround(from: number, to: number, stride: number, shortcut: Shortcut): Module | undefined {
  if (shortcut === "none" || (stride === 1 && from === to)) return undefined;
  if (shortcut === "padding") return new PaddingShortcut(from, to, stride);
  return new Sequential(conv1x1(from, to, stride), new BatchNorm2d(to));
}

/** Every stride-th pixel, and channels of zeros before and after. */
class PaddingShortcut extends Module {
  readonly #before: number;
  readonly #after: number;
  readonly #stride: number;

  constructor(from: number, to: number, stride: number) {
    super();
    this.#before = Math.floor((to - from) / 2);
    this.#after = to - from - this.#before;
    this.#stride = stride;
  }

  override forward(x: Tensor): Tensor {
    const pixels = x.at("...", `::${this.#stride}`, `::${this.#stride}`);
    return pad(pixels, [0, 0, 0, 0, this.#before, this.#after]);
  }
}
