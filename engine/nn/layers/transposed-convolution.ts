// The transposed convolution layers: they upsample.

import { convTranspose1d, convTranspose2d } from "../../ops/functions/image/convolution.ts";
import { type PairLike, pairOf } from "../../ops/functions/operands.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { pythonField } from "../python-text.ts";
import { type Conv2dOptions, ConvolutionLayer, imageLayouts, sequenceLayouts } from "./convolution.ts";

export interface ConvTranspose2dOptions extends Omit<Conv2dOptions, "paddingMode"> {
  /** Takes this much off every side of the result. Default: 0. */
  readonly padding?: PairLike;
  /** Adds to the bottom and right of the result: which of the sizes that a stride makes equal. Default: 0. */
  readonly outputPadding?: PairLike;
}

/** ConvTranspose2d's options along the only dimension. */
export interface ConvTranspose1dOptions extends ConvTranspose2dOptions {
  readonly stride?: number;
  readonly padding?: number;
  readonly outputPadding?: number;
  readonly dilation?: number;
}

/**
 * The transpose of Conv2d: every pixel of N × C × H × W (or C × H × W) spreads `outChannels` kernels, `stride` apart.
 * Weight [C, out/groups, kH, kW], bias [out]; see convTranspose2d. Throws a ShapeError for other ranks or channels.
 *
 * @example
 * new nn.ConvTranspose2d(16, 8, 2, { stride: 2 }).forward(rand([4, 16, 7, 7])).shape; // [4, 8, 14, 14]
 */
export class ConvTranspose2d extends ConvolutionLayer {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly outputPadding: readonly [number, number];
  readonly dilation: readonly [number, number];

  constructor(inChannels: number, outChannels: number, kernelSize: PairLike, options: ConvTranspose2dOptions = {}) {
    const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 } = options;
    const sizes = {
      kernelSize: pairOf(kernelSize),
      stride: pairOf(stride),
      padding: pairOf(padding),
      dilation: pairOf(dilation),
      groups,
    };
    super(imageLayouts, [inChannels, outChannels], sizes, { ...options, transposed: true });
    this.kernelSize = sizes.kernelSize;
    this.stride = sizes.stride;
    this.padding = sizes.padding;
    this.outputPadding = pairOf(outputPadding);
    this.dilation = sizes.dilation;
  }

  override forward(x: Tensor): Tensor {
    this.check(x);
    const { bias, stride, padding, outputPadding, dilation, groups } = this;
    return convTranspose2d(x, this.weight, { ...(bias && { bias }), stride, padding, outputPadding, dilation, groups });
  }

  protected override describeOutput(): readonly string[] {
    return this.outputPadding.some((size) => size !== 0) ? [pythonField("output_padding", this.outputPadding)] : [];
  }
}

/**
 * The transpose of Conv1d, for N × C × L (or C × L). Weight [C, out/groups, k], bias [out]; see convTranspose1d. Throws
 * a ShapeError for other ranks or channels.
 *
 * @example
 * new nn.ConvTranspose1d(4, 8, 4, { stride: 2, padding: 1 }).forward(rand([2, 4, 10])).shape; // [2, 8, 20]
 */
export class ConvTranspose1d extends ConvolutionLayer {
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: number;
  readonly outputPadding: number;
  readonly dilation: number;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: ConvTranspose1dOptions = {}) {
    const { stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 } = options;
    const sizes = { kernelSize: [kernelSize], stride: [stride], padding: [padding], dilation: [dilation], groups };
    super(sequenceLayouts, [inChannels, outChannels], sizes, { ...options, transposed: true });
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
    this.outputPadding = outputPadding;
    this.dilation = dilation;
  }

  override forward(x: Tensor): Tensor {
    this.check(x);
    const { bias, stride, padding, outputPadding, dilation, groups } = this;
    return convTranspose1d(x, this.weight, { ...(bias && { bias }), stride, padding, outputPadding, dilation, groups });
  }

  protected override describeOutput(): readonly string[] {
    return this.outputPadding === 0 ? [] : [pythonField("output_padding", [this.outputPadding])];
  }
}
