// Pooling and resizing layers. No parameters. Images are N × C × H × W or C × H × W, sequences N × C × L or C × L.

import {
  type AvgPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  maxPool1d,
  maxPool2d,
} from "../../ops/functions/image/pooling.ts";
import { type InterpolateOptions, interpolate } from "../../ops/functions/image/resize.ts";
import type { PairLike } from "../../ops/functions/operands.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Layouts, requireRank } from "../functional/checks.ts";
import { Module } from "../module.ts";
import { pythonBool, pythonFloat, pythonSizes, pythonTuple } from "../python-text.ts";
import { imageLayouts, sequenceLayouts } from "./convolution.ts";

export interface MaxPool2dOptions {
  /** Default: the kernel size. */
  readonly stride?: PairLike;
  /** On every side, at most half of the kernel; never the largest. Default: 0. */
  readonly padding?: PairLike;
  /** Distance between the elements of a window. Default: 1. */
  readonly dilation?: PairLike;
  /** Whether a last window may hang over the end. Default: false. */
  readonly ceilMode?: boolean;
}

export interface MaxPool1dOptions extends MaxPool2dOptions {
  readonly stride?: number;
  readonly padding?: number;
  readonly dilation?: number;
}

export interface AvgPool1dOptions extends AvgPoolOptions {
  readonly stride?: number;
  readonly padding?: number;
}

/** Windows that slide. */
abstract class Pool<Size extends PairLike> extends Module {
  readonly kernelSize: Size;
  readonly stride: Size;
  readonly padding: Size | 0;
  readonly ceilMode: boolean;
  readonly #layouts: Layouts;

  constructor(
    layouts: Layouts,
    kernelSize: Size,
    { stride, padding, ceilMode }: { readonly stride?: Size; readonly padding?: Size; readonly ceilMode?: boolean },
  ) {
    super();
    this.#layouts = layouts;
    this.kernelSize = kernelSize;
    this.stride = stride ?? kernelSize;
    this.padding = padding ?? 0;
    this.ceilMode = ceilMode ?? false;
  }

  protected check(x: Tensor): void {
    requireRank(this.constructor.name, x, this.#layouts, "unsqueeze(0) makes a batch or a channel of one.");
  }

  protected override describe(): string {
    const { kernelSize, stride, padding } = this;
    const sizes = { kernel_size: kernelSize, stride, padding };
    return Object.entries(sizes)
      .map(([name, size]) => `${name}=${this.describeSize(size)}`)
      .join(", ");
  }

  protected describeSize(size: PairLike): string {
    return pythonSizes(size);
  }
}

/**
 * The largest value under each window of an image. The stride defaults to the kernel size; see maxPool2d. Throws a
 * ShapeError for other ranks.
 *
 * @example
 * new nn.MaxPool2d(2).forward(rand([8, 6, 28, 28])).shape; // [8, 6, 14, 14]
 */
export class MaxPool2d extends Pool<PairLike> {
  readonly dilation: PairLike;

  constructor(kernelSize: PairLike, options: MaxPool2dOptions = {}) {
    super(imageLayouts, kernelSize, options);
    this.dilation = options.dilation ?? 1;
  }

  override forward(x: Tensor): Tensor {
    this.check(x);
    const { stride, padding, dilation, ceilMode } = this;
    return maxPool2d(x, this.kernelSize, { stride, padding, dilation, ceilMode });
  }

  protected override describe(): string {
    return `${super.describe()}, dilation=${pythonSizes(this.dilation)}, ceil_mode=${pythonBool(this.ceilMode)}`;
  }
}

/**
 * The largest value under each window of a sequence; see maxPool1d. Throws a ShapeError for other ranks.
 *
 * @example
 * new nn.MaxPool1d(2).forward(tensor([[1, 5, 2, 3]])); // tensor([[5., 3.]])
 */
export class MaxPool1d extends Pool<number> {
  readonly dilation: number;

  constructor(kernelSize: number, options: MaxPool1dOptions = {}) {
    super(sequenceLayouts, kernelSize, options);
    this.dilation = options.dilation ?? 1;
  }

  override forward(x: Tensor): Tensor {
    this.check(x);
    const { stride, padding, dilation, ceilMode } = this;
    return maxPool1d(x, this.kernelSize, { stride, padding, dilation, ceilMode });
  }

  protected override describe(): string {
    return `${super.describe()}, dilation=${this.dilation}, ceil_mode=${pythonBool(this.ceilMode)}`;
  }
}

/**
 * The mean under each window of an image; see avgPool2d. The stride defaults to the kernel size; padding counts as
 * zeros unless `countIncludePad: false`. Throws a ShapeError for other ranks.
 *
 * @example
 * new nn.AvgPool2d(2).forward(rand([8, 6, 28, 28])).shape; // [8, 6, 14, 14]
 */
export class AvgPool2d extends Pool<PairLike> {
  readonly countIncludePad: boolean;

  constructor(kernelSize: PairLike, options: AvgPoolOptions = {}) {
    super(imageLayouts, kernelSize, options);
    this.countIncludePad = options.countIncludePad ?? true;
  }

  override forward(x: Tensor): Tensor {
    this.check(x);
    const { stride, padding, ceilMode, countIncludePad } = this;
    return avgPool2d(x, this.kernelSize, { stride, padding, ceilMode, countIncludePad });
  }
}

/**
 * The mean under each window of a sequence; see avgPool1d. Throws a ShapeError for other ranks.
 *
 * @example
 * new nn.AvgPool1d(2).forward(tensor([[1, 5, 2, 3]])); // tensor([[3.0000, 2.5000]])
 */
export class AvgPool1d extends Pool<number> {
  readonly countIncludePad: boolean;

  constructor(kernelSize: number, options: AvgPool1dOptions = {}) {
    super(sequenceLayouts, kernelSize, options);
    this.countIncludePad = options.countIncludePad ?? true;
  }

  override forward(x: Tensor): Tensor {
    this.check(x);
    const { stride, padding, ceilMode, countIncludePad } = this;
    return avgPool1d(x, this.kernelSize, { stride, padding, ceilMode, countIncludePad });
  }

  protected override describeSize(size: number): string {
    return pythonTuple([size]);
  }
}

/** Windows that divide the input evenly, however large it is. */
abstract class AdaptivePool<Size extends PairLike> extends Module {
  readonly outputSize: Size;

  constructor(outputSize: Size) {
    super();
    this.outputSize = outputSize;
  }

  protected override describe(): string {
    return `output_size=${pythonSizes(this.outputSize)}`;
  }
}

/**
 * Means over a grid of windows of an image, whatever its size: N × C × H × W → N × C × size; see adaptiveAvgPool2d.
 *
 * @example
 * new nn.AdaptiveAvgPool2d(1).forward(rand([8, 6, 13, 9])).shape; // [8, 6, 1, 1]
 */
export class AdaptiveAvgPool2d extends AdaptivePool<PairLike> {
  override forward(x: Tensor): Tensor {
    requireRank("AdaptiveAvgPool2d", x, imageLayouts);
    return adaptiveAvgPool2d(x, this.outputSize);
  }
}

/**
 * Means over windows of a sequence, whatever its length: N × C × L → N × C × size; see adaptiveAvgPool1d.
 *
 * @example
 * new nn.AdaptiveAvgPool1d(2).forward(tensor([[1, 2, 3, 4]])); // tensor([[1.5000, 3.5000]])
 */
export class AdaptiveAvgPool1d extends AdaptivePool<number> {
  override forward(x: Tensor): Tensor {
    requireRank("AdaptiveAvgPool1d", x, sequenceLayouts);
    return adaptiveAvgPool1d(x, this.outputSize);
  }
}

/**
 * Maxima over a grid of windows of an image, whatever its size; see adaptiveMaxPool2d.
 *
 * @example
 * new nn.AdaptiveMaxPool2d([2, 3]).forward(rand([8, 6, 13, 9])).shape; // [8, 6, 2, 3]
 */
export class AdaptiveMaxPool2d extends AdaptivePool<PairLike> {
  override forward(x: Tensor): Tensor {
    requireRank("AdaptiveMaxPool2d", x, imageLayouts);
    return adaptiveMaxPool2d(x, this.outputSize);
  }
}

/**
 * Maxima over windows of a sequence, whatever its length; see adaptiveMaxPool1d.
 *
 * @example
 * new nn.AdaptiveMaxPool1d(2).forward(tensor([[1, 2, 3, 4]])); // tensor([[2., 4.]])
 */
export class AdaptiveMaxPool1d extends AdaptivePool<number> {
  override forward(x: Tensor): Tensor {
    requireRank("AdaptiveMaxPool1d", x, sequenceLayouts);
    return adaptiveMaxPool1d(x, this.outputSize);
  }
}

/**
 * Enlarges images (`nearest`, the default, or `bilinear`) or sequences (`nearest` or `linear`), to a size or by a
 * factor; see interpolate.
 *
 * @example
 * new nn.Upsample({ scaleFactor: 2 }).forward(rand([1, 3, 8, 8])).shape; // [1, 3, 16, 16]
 */
export class Upsample extends Module {
  readonly #options: InterpolateOptions;

  constructor(options: InterpolateOptions) {
    super();
    this.#options = { mode: "nearest", ...options };
  }

  override forward(x: Tensor): Tensor {
    return interpolate(x, this.#options);
  }

  protected override describe(): string {
    const { size, scaleFactor, mode } = this.#options;
    if (scaleFactor === undefined) return `size=${pythonSizes(size ?? 0)}, mode=${mode}`;
    const isOne = typeof scaleFactor === "number";
    const factor = isOne ? pythonFloat(scaleFactor) : `(${scaleFactor.map(pythonFloat).join(", ")})`;
    return `scale_factor=${factor}, mode=${mode}`;
  }
}
