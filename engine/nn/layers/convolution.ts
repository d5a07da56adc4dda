// The convolution layers, and what all of them have in common with their transposes.

import { ArgumentError } from "../../core/errors.ts";
import { sizeOf } from "../../core/shape.ts";
import { conv1d, conv2d } from "../../ops/functions/image/convolution.ts";
import { pad } from "../../ops/functions/movement/movement.ts";
import { type PairLike, pairOf } from "../../ops/functions/operands.ts";
import type { Activation } from "../../ops/table.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Layouts, requireRank, requireSize } from "../functional/checks.ts";
import { defaultBias, defaultWeight } from "../init/defaults.ts";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { pythonField } from "../python-text.ts";

export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";

export interface Conv2dOptions {
  /** Default: 1. */
  readonly stride?: PairLike;
  /** Zeros around the image; `same` keeps its size, for stride 1. Default: 0. */
  readonly padding?: PairLike | "same" | "valid";
  /** Default: 1. */
  readonly dilation?: PairLike;
  /** Default: 1. */
  readonly groups?: number;
  /** Default: true. */
  readonly bias?: boolean;
  /** What the padding is made of, see `pad`. Default: `zeros`. */
  readonly paddingMode?: PaddingMode;
}

export interface Conv1dOptions extends Conv2dOptions {
  readonly stride?: number;
  readonly padding?: number | "same" | "valid";
  readonly dilation?: number;
}

/** Sizes of a convolution, one entry for each dimension of a kernel. */
export interface ConvSizes {
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  readonly groups: number;
}

/** Weights, checks and printing of convolutions and their transposes. */
export abstract class ConvolutionLayer extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly #sizes: ConvSizes;
  readonly #layouts: Layouts;

  constructor(
    layouts: Layouts,
    channels: readonly [inputs: number, outputs: number],
    sizes: ConvSizes,
    { bias = true, paddingMode = "zeros", transposed = false }: Conv2dOptions & { readonly transposed?: boolean },
  ) {
    super();
    const name = this.constructor.name;
    const [inputs, outputs] = channels;
    const { groups, kernelSize } = sizes;
    if (inputs % groups !== 0 || outputs % groups !== 0) {
      const problem = `${inputs} input and ${outputs} output channels cannot be split into ${groups} groups`;
      throw new ArgumentError(name, problem);
    }
    const modes = transposed ? ["zeros"] : ["zeros", "reflect", "replicate", "circular"];
    if (!modes.includes(paddingMode)) {
      throw new ArgumentError(name, `paddingMode must be ${modes.join(", ")}, got ${String(paddingMode)}`);
    }
    this.inChannels = inputs;
    this.outChannels = outputs;
    this.groups = groups;
    this.paddingMode = paddingMode;
    this.#sizes = sizes;
    this.#layouts = layouts;
    const shape = transposed ? [inputs, outputs / groups, ...kernelSize] : [outputs, inputs / groups, ...kernelSize];
    this.weight = defaultWeight(shape);
    this.bias = bias ? defaultBias(outputs, sizeOf(shape.slice(1))) : undefined;
  }

  protected check(x: Tensor): void {
    const name = this.constructor.name;
    const hint = "unsqueeze(0) makes a batch or a channel of one.";
    requireRank(name, x, this.#layouts, hint);
    requireSize(name, "channels", x, x.ndim === this.weight.ndim ? 1 : 0, this.inChannels);
  }

  /** The input, with its padding around it unless that is zeros, which the op itself adds. */
  protected padded(x: Tensor): { readonly input: Tensor; readonly isPadded: boolean } {
    const { paddingMode } = this;
    const { padding, kernelSize, dilation } = this.#sizes;
    if (paddingMode === "zeros" || padding === "valid") return { input: x, isPadded: false };
    // From the last dimension backwards, as `pad` lists them.
    const around = kernelSize.map((size, axis) => {
      if (padding !== "same") return [padding[axis]!, padding[axis]!];
      const total = dilation[axis]! * (size - 1);
      return [Math.floor(total / 2), Math.ceil(total / 2)];
    });
    return { input: pad(x, around.reverse().flat(), { mode: paddingMode }), isPadded: true };
  }

  /** Fields between dilation and groups. */
  protected describeOutput(): readonly string[] {
    return [];
  }

  protected override describe(): string {
    const { kernelSize, stride, padding, dilation } = this.#sizes;
    const isPadded = typeof padding === "string" || padding.some((size) => size !== 0);
    return [
      this.inChannels,
      this.outChannels,
      pythonField("kernel_size", kernelSize),
      pythonField("stride", stride),
      ...(isPadded ? [typeof padding === "string" ? `padding=${padding}` : pythonField("padding", padding)] : []),
      ...(dilation.some((step) => step !== 1) ? [pythonField("dilation", dilation)] : []),
      ...this.describeOutput(),
      ...(this.groups !== 1 ? [`groups=${this.groups}`] : []),
      ...(this.bias === undefined ? ["bias=False"] : []),
      ...(this.paddingMode === "zeros" ? [] : [`padding_mode=${this.paddingMode}`]),
    ].join(", ");
  }
}

export const imageLayouts: Layouts = { 3: "(C, H, W)", 4: "(N, C, H, W)" };
export const sequenceLayouts: Layouts = { 2: "(C, L)", 3: "(N, C, L)" };

/**
 * Slides `outChannels` filters over N × C × H × W (or C × H × W). Weight [out, C/groups, kH, kW], bias [out]; the
 * kernel is not flipped; see conv2d. Throws a ShapeError for other ranks or channels.
 *
 * @example
 * new nn.Conv2d(1, 6, 5).forward(rand([32, 1, 32, 32])).shape; // [32, 6, 28, 28]
 * new nn.Conv2d(1, 6, 5, { padding: "same" }).forward(rand([32, 1, 32, 32])).shape; // [32, 6, 32, 32]
 */
export class Conv2d extends ConvolutionLayer {
  readonly kernelSize: readonly [number, number];
  readonly stride: readonly [number, number];
  readonly padding: readonly [number, number] | "same" | "valid";
  readonly dilation: readonly [number, number];

  constructor(inChannels: number, outChannels: number, kernelSize: PairLike, options: Conv2dOptions = {}) {
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
    const sizes = {
      kernelSize: pairOf(kernelSize),
      stride: pairOf(stride),
      padding: typeof padding === "string" ? padding : pairOf(padding),
      dilation: pairOf(dilation),
      groups,
    };
    super(imageLayouts, [inChannels, outChannels], sizes, options);
    this.kernelSize = sizes.kernelSize;
    this.stride = sizes.stride;
    this.padding = sizes.padding;
    this.dilation = sizes.dilation;
  }

  override forward(x: Tensor): Tensor {
    return this.activated(x, "none");
  }

  /** `forward` and an activation behind it, in one pass. */
  activated(x: Tensor, activation: Activation): Tensor {
    this.check(x);
    const { bias, stride, dilation, groups } = this;
    const { input, isPadded } = this.padded(x);
    const padding = isPadded ? 0 : this.padding;
    return conv2d(input, this.weight, { ...(bias && { bias }), stride, padding, dilation, groups, activation });
  }
}

/**
 * Slides `outChannels` filters over N × C × L (or C × L). Weight [out, C/groups, k], bias [out]; see conv1d. Throws a
 * ShapeError for other ranks or channels.
 *
 * @example
 * new nn.Conv1d(4, 8, 3, { padding: 2, dilation: 2 }).forward(rand([32, 4, 20])).shape; // [32, 8, 20]
 */
export class Conv1d extends ConvolutionLayer {
  readonly kernelSize: number;
  readonly stride: number;
  readonly padding: number | "same" | "valid";
  readonly dilation: number;

  constructor(inChannels: number, outChannels: number, kernelSize: number, options: Conv1dOptions = {}) {
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
    const sizes = {
      kernelSize: [kernelSize],
      stride: [stride],
      padding: typeof padding === "string" ? padding : [padding],
      dilation: [dilation],
      groups,
    };
    super(sequenceLayouts, [inChannels, outChannels], sizes, options);
    this.kernelSize = kernelSize;
    this.stride = stride;
    this.padding = padding;
    this.dilation = dilation;
  }

  override forward(x: Tensor): Tensor {
    this.check(x);
    const { bias, stride, dilation, groups } = this;
    const { input, isPadded } = this.padded(x);
    const padding = isPadded ? 0 : this.padding;
    return conv1d(input, this.weight, { ...(bias && { bias }), stride, padding, dilation, groups });
  }
}
