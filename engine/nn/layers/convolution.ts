// The 2-D convolution layer.

import { ArgumentError } from "../../core/errors.ts";
import { conv2d } from "../../ops/functions/image.ts";
import { type PairLike, pairOf } from "../../ops/functions/operands.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { defaultBias, defaultWeight } from "../init/defaults.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";

export interface Conv2dOptions {
  /** Default: 1. */
  readonly stride?: PairLike;
  /** Zeros around the image. Default: 0. */
  readonly padding?: PairLike;
  /** Default: 1. */
  readonly dilation?: PairLike;
  /** Default: 1. */
  readonly groups?: number;
  /** Default: true. */
  readonly bias?: boolean;
}

/**
 * Slides `outChannels` filters over N × C × H × W. Weight [out, C/groups, kH, kW], bias [out]; the kernel is not flipped.
 *
 * @example
 * new nn.Conv2d(1, 6, 5).forward(rand([32, 1, 32, 32])).shape; // [32, 6, 28, 28]
 */
export class Conv2d extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly groups: number;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(inChannels: number, outChannels: number, kernelSize: PairLike, options: Conv2dOptions = {}) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1, bias = true } = options;
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      const channels = `${inChannels} input and ${outChannels} output channels`;
      throw new ArgumentError("Conv2d", `${channels} cannot be split into ${groups} groups`);
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = pairOf(kernelSize);
    this.stride = pairOf(stride);
    this.padding = pairOf(padding);
    this.dilation = pairOf(dilation);
    this.groups = groups;
    const shape = [outChannels, inChannels / groups, ...this.kernelSize];
    const fanIn = (inChannels / groups) * this.kernelSize[0] * this.kernelSize[1];
    this.weight = defaultWeight(shape);
    this.bias = bias ? defaultBias(outChannels, fanIn) : undefined;
  }

  override forward(x: Tensor): Tensor {
    const { bias, stride, padding, dilation, groups } = this;
    return conv2d(x, this.weight, { ...(bias && { bias }), stride, padding, dilation, groups });
  }

  protected override describe(): string {
    const pair = (name: string, value: readonly number[]) => `${name}=(${value.join(", ")})`;
    return [
      this.inChannels,
      this.outChannels,
      pair("kernel_size", this.kernelSize),
      pair("stride", this.stride),
      ...(this.padding.some((size) => size !== 0) ? [pair("padding", this.padding)] : []),
      ...(this.dilation.some((step) => step !== 1) ? [pair("dilation", this.dilation)] : []),
      ...(this.groups !== 1 ? [`groups=${this.groups}`] : []),
      ...(this.bias === undefined ? ["bias=False"] : []),
    ].join(", ");
  }
}
