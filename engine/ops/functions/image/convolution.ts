// Convolution and its transpose, in function form, in one and two dimensions. Images are N × C × H × W, sequences
// N × C × L; without a batch dimension they work too. All of them are the 2-D convolution or its adjoint.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import { formatShape } from "../../../core/shape.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { requireBias } from "../../inference/checks.ts";
import type { Activation, Pair, Params } from "../../table.ts";
import { narrow, pad, reshape, unsqueeze } from "../movement/movement.ts";
import { type PairLike, pairOf } from "../operands.ts";
import { add } from "../pointwise/pointwise.ts";
import { across, asImages, batched, requireCounts, requireFit } from "./windows.ts";

/** `same` keeps the size at stride 1, `valid` is none. */
type NamedPadding = "same" | "valid";

export interface ConvOptions {
  /** Added to every output of its channel; shape [out channels]. */
  readonly bias?: Tensor;
  /** Default: 1. */
  readonly stride?: PairLike;
  /** Zeros around the image; `same` keeps its size, `valid` adds none. Default: 0. */
  readonly padding?: PairLike | NamedPadding;
  /** Distance between the elements of the kernel. Default: 1. */
  readonly dilation?: PairLike;
  /** Channels and filters are cut into this many independent groups. Default: 1. */
  readonly groups?: number;
}

export interface Conv2dOptions extends ConvOptions {
  /** Applied to the result in the same pass. Default: `none`. */
  readonly activation?: Activation;
}

export interface Conv1dOptions extends ConvOptions {
  readonly stride?: number;
  readonly padding?: number | NamedPadding;
  readonly dilation?: number;
}

export interface ConvTransposeOptions extends ConvOptions {
  /** Takes this much off every side of the result. Default: 0. */
  readonly padding?: PairLike;
  /** Adds to the bottom and right of the result: which of the sizes that a stride makes equal. Default: 0. */
  readonly outputPadding?: PairLike;
}

export interface ConvTranspose1dOptions extends ConvTransposeOptions {
  readonly stride?: number;
  readonly padding?: number;
  readonly outputPadding?: number;
  readonly dilation?: number;
}

/**
 * 2-D convolution in the sense of deep learning, a cross-correlation: the kernel is not flipped.
 *
 * Input N × C × H × W, weight out × C/groups × kH × kW, result N × out × H′ × W′ with
 * H′ = ⌊(H + 2·padding - dilation·(kH - 1) - 1) / stride⌋ + 1. float32. Gradient: the transposed convolution for the
 * input, a convolution of input and gradient for the weight. Throws a ShapeError where channels or sizes do not fit.
 *
 * @example
 * conv2d(ones([1, 1, 3, 3]), ones([1, 1, 2, 2])).flatten(); // tensor([4., 4., 4., 4.])
 * conv2d(ones([1, 1, 5, 5]), ones([4, 1, 3, 3]), { padding: "same" }).shape; // [1, 4, 5, 5]
 * conv2d(ones([1, 1, 1, 1]), tensor([[[[-2]]]]), { activation: "relu" }).flatten(); // tensor([0.])
 */
export function conv2d(x: Tensor, weight: Tensor, options: Conv2dOptions = {}): Tensor {
  const { bias, stride = 1, padding = 0, dilation = 1, groups = 1, activation = "none" } = options;
  requireCounts("conv2d", { stride, dilation, groups }, 1);
  if (typeof padding !== "string") requireCounts("conv2d", { padding }, 0);
  return batched(x, (images) => {
    const kernelSize = [weight.shape[2] ?? 1, weight.shape[3] ?? 1] as const;
    const steps = { stride: pairOf(stride), dilation: pairOf(dilation) };
    const around = paddingOf("conv2d", padding, kernelSize, steps);
    const padded = around.extra === undefined ? images : pad(images, around.extra);
    return convolved(padded, weight, bias, { ...steps, padding: around.padding, groups, activation });
  });
}

/**
 * 1-D convolution (a cross-correlation). Input N × C × L or C × L, weight out × C/groups × k, result N × out × L′ with
 * L′ = ⌊(L + 2·padding - dilation·(k - 1) - 1) / stride⌋ + 1. float32. Gradient and errors: as for conv2d.
 *
 * @example
 * conv1d(tensor([[1, 2, 4, 7]]), tensor([[[-1, 1]]])); // tensor([[1., 2., 3.]])
 */
export function conv1d(x: Tensor, weight: Tensor, options: Conv1dOptions = {}): Tensor {
  const { bias, stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  requireCounts("conv1d", { stride, dilation, groups }, 1);
  if (typeof padding !== "string") requireCounts("conv1d", { padding }, 0);
  return asImages("conv1d", x, (images) => {
    const [, channels, length] = requireKernel("conv1d", weight, 3, "out × in/groups × length");
    requireChannels("conv1d", x, weight, { expected: channels! * groups, groups });
    const steps = { stride: [1, stride] as const, dilation: [1, dilation] as const };
    const around = paddingOf("conv1d", typeof padding === "number" ? [0, padding] : padding, [1, length!], steps);
    const padded = around.extra === undefined ? images : pad(images, around.extra);
    requireFit("conv1d", padded, dilation * (length! - 1) + 1, around.padding[1]);
    requireBias("conv1d", bias, weight.shape[0]!);
    const params = { ...steps, padding: around.padding, groups, activation: "none" } as const;
    return convolved(padded, unsqueeze(weight, 2), bias, params);
  });
}

/**
 * The transpose (adjoint) of conv2d: every input element spreads the kernel over the result, `stride` apart. Upsamples.
 *
 * Input N × C × H × W, weight C × out/groups × kH × kW, result N × out × H′ × W′ with
 * H′ = (H - 1)·stride - 2·padding + dilation·(kH - 1) + outputPadding + 1. float32. Gradient: convolution. Throws a
 * ShapeError where channels do not fit or nothing is left, an ArgumentError for an outputPadding that is not smaller than
 * stride or dilation. V. Dumoulin, F. Visin, A guide to convolution arithmetic, 2016, https://arxiv.org/abs/1603.07285.
 *
 * @example
 * convTranspose2d(ones([1, 1, 1, 2]), ones([1, 1, 1, 2]), { stride: 2 }).flatten(); // tensor([1., 1., 1., 1.])
 */
export function convTranspose2d(x: Tensor, weight: Tensor, options: ConvTransposeOptions = {}): Tensor {
  return batched(x, (images) => {
    if (images.ndim !== 4) {
      const hint = "unsqueeze(1) adds a channel.";
      throw ShapeError.of("convTranspose2d", "input must be N × C × H × W", { input: x.shape }, hint);
    }
    requireKernel("convTranspose2d", weight, 4, "in × out/groups × height × width");
    return transposed("convTranspose2d", images, weight, options);
  });
}

/**
 * The transpose of conv1d. Input N × C × L or C × L, weight C × out/groups × k, result N × out × L′ with
 * L′ = (L - 1)·stride - 2·padding + dilation·(k - 1) + outputPadding + 1. Gradient and errors: as for convTranspose2d.
 *
 * @example
 * convTranspose1d(tensor([[1, 2]]), tensor([[[1, 1, 1]]]), { stride: 2 }); // tensor([[1., 1., 3., 2., 2.]])
 */
export function convTranspose1d(x: Tensor, weight: Tensor, options: ConvTranspose1dOptions = {}): Tensor {
  const { stride = 1, padding = 0, outputPadding = 0, dilation = 1 } = options;
  return asImages("convTranspose1d", x, (images) => {
    requireKernel("convTranspose1d", weight, 3, "in × out/groups × length");
    return transposed("convTranspose1d", images, unsqueeze(weight, 2), {
      ...options,
      stride: across(stride),
      padding: [0, padding],
      outputPadding: [0, outputPadding],
      dilation: across(dilation),
    });
  });
}

function transposed(op: string, x: Tensor, weight: Tensor, options: ConvTransposeOptions): Tensor {
  const { bias, stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 } = options;
  requireCounts(op, { stride, dilation, groups }, 1);
  requireCounts(op, { padding, outputPadding }, 0);
  requireChannels(op, x, weight, { expected: weight.shape[0]!, groups });
  const [steps, gaps, cut, extra] = [pairOf(stride), pairOf(dilation), pairOf(padding), pairOf(outputPadding)];
  if (extra.some((size, axis) => size >= Math.max(steps[axis]!, gaps[axis]!))) {
    const problem = `outputPadding ${formatShape(extra)} must be smaller than stride ${formatShape(steps)} or dilation ${formatShape(gaps)}`;
    throw new ArgumentError(op, problem, "It only chooses among the sizes that a stride makes equal.");
  }
  /** Size of the result before anything is cut off or added. */
  const whole = ([0, 1] as const).map(
    (axis) => (x.shape[2 + axis]! - 1) * steps[axis] + gaps[axis] * (weight.shape[2 + axis]! - 1) + 1,
  );
  const size = whole.map((length, axis) => length - 2 * cut[axis]! + extra[axis]!);
  if (size.some((length) => length < 1)) {
    const problem = `nothing is left of ${formatShape(whole)} after padding ${formatShape(cut)}`;
    throw ShapeError.of(op, problem, { input: x.shape, weight: weight.shape }, "Use less padding or a larger kernel.");
  }
  const params = { stride: steps, dilation: gaps, groups };
  const leading = [x.shape[0]!, weight.shape[1]! * groups];
  return scoped(() => {
    if (extra.every((length, axis) => length < steps[axis]!)) {
      const inputShape = [...leading, ...size];
      return shifted(op, dispatch("conv2dInput", [x, weight], { ...params, padding: cut, inputShape }), bias);
    }
    // A convolution of this size would have more places than x has elements; so cut from the whole result.
    const uncut = dispatch("conv2dInput", [x, weight], {
      ...params,
      padding: [0, 0],
      inputShape: [...leading, ...whole],
    });
    const longer = pad(uncut, [0, extra[1], 0, extra[0]]);
    return shifted(op, narrow(narrow(longer, 2, cut[0], size[0]!), 3, cut[1], size[1]!), bias);
  });
}

function convolved(images: Tensor, weight: Tensor, bias: Tensor | undefined, params: Params<"conv2d">): Tensor {
  return dispatch("conv2d", bias === undefined ? [images, weight] : [images, weight, bias], params);
}

interface Around {
  /** On both sides alike. */
  readonly padding: Pair;
  /** Where the sides differ: what to pad the image with beforehand. */
  readonly extra?: readonly number[];
}

function paddingOf(
  op: string,
  padding: PairLike | NamedPadding,
  kernelSize: Pair,
  { stride, dilation }: { readonly stride: Pair; readonly dilation: Pair },
): Around {
  if (padding === "valid") return { padding: [0, 0] };
  if (padding !== "same") {
    if (typeof padding !== "string") return { padding: pairOf(padding) };
    throw new ArgumentError(op, `padding "${padding}" is not known`, 'Give a number, "same" or "valid".');
  }
  if (stride.some((step) => step !== 1)) {
    const hint = "With a stride the result is smaller; give the padding as a number.";
    throw new ArgumentError(op, `padding "same" needs stride 1, got ${formatShape(stride)}`, hint);
  }
  const total = [dilation[0] * (kernelSize[0] - 1), dilation[1] * (kernelSize[1] - 1)] as const;
  const before = [Math.floor(total[0] / 2), Math.floor(total[1] / 2)] as const;
  if (total.every((length) => length % 2 === 0)) return { padding: before };
  return { padding: [0, 0], extra: [before[1], total[1] - before[1], before[0], total[0] - before[0]] };
}

/** Adds the bias to every place of its channel, N × C × H × W. */
function shifted(op: string, output: Tensor, bias: Tensor | undefined): Tensor {
  if (bias === undefined) return output;
  requireBias(op, bias, output.shape[1]!);
  return add(output, reshape(bias, [-1, 1, 1]));
}

function requireKernel(op: string, weight: Tensor, rank: number, layout: string): readonly number[] {
  if (weight.ndim === rank) return weight.shape;
  throw ShapeError.of(op, `weight must have ${rank} dimensions`, { weight: weight.shape }, `They are ${layout}.`);
}

function requireChannels(
  op: string,
  x: Tensor,
  weight: Tensor,
  { expected, groups }: { readonly expected: number; readonly groups: number },
): void {
  const channels = x.ndim === 2 ? x.shape[0]! : x.shape[1]!;
  const shapes = { input: x.shape, weight: weight.shape };
  if (channels !== expected) {
    const hint = "Dimension 1 of the input (0 without a batch) holds the channels.";
    throw ShapeError.of(op, `expected ${expected} input channels (groups ${groups}), got ${channels}`, shapes, hint);
  }
  if (weight.shape[0]! % groups === 0) return;
  const hint = "The first size of the weight must be a multiple of groups.";
  throw ShapeError.of(op, `weight cannot be split into ${groups} groups`, shapes, hint);
}
