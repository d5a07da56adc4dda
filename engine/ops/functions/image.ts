// Convolution, pooling and resizing of images, N × C × H × W, in function form. A single image C × H × W works too.

import { ArgumentError } from "../../core/errors.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import type { PoolParams } from "../table.ts";
import { reshape, unsqueeze } from "./movement.ts";
import { type PairLike, pairOf } from "./operands.ts";
import { add } from "./pointwise.ts";

export interface ConvOptions {
  /** Added to every output of its channel; shape [out channels]. */
  readonly bias?: Tensor;
  /** Default: 1. */
  readonly stride?: PairLike;
  /** Zeros around the image. Default: 0. */
  readonly padding?: PairLike;
  /** Distance between the elements of the kernel. Default: 1. */
  readonly dilation?: PairLike;
  /** Channels and filters are cut into this many independent groups. Default: 1. */
  readonly groups?: number;
}

export interface PoolOptions {
  /** Default: the kernel size. */
  readonly stride?: PairLike;
  /** Default: 0. */
  readonly padding?: PairLike;
}

export interface InterpolateOptions {
  /** Height and width of the result. */
  readonly size: PairLike;
  readonly mode?: "bilinear";
  /** Put the corner pixels of input and output onto each other. Default: false. */
  readonly alignCorners?: boolean;
}

/**
 * 2-D convolution in the sense of deep learning, a cross-correlation: the kernel is not flipped.
 *
 * Input N × C × H × W, weight out × C/groups × kH × kW, result N × out × H′ × W′ with
 * H′ = ⌊(H + 2·padding - dilation·(kH - 1) - 1) / stride⌋ + 1.
 */
export function conv2d(x: Tensor, weight: Tensor, options: ConvOptions = {}): Tensor {
  const { bias, stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const params = { stride: pairOf(stride), padding: pairOf(padding), dilation: pairOf(dilation), groups };
  requireCounts("conv2d", { stride, dilation, groups }, 1);
  requireCounts("conv2d", { padding }, 0);
  return batched(x, (images) => {
    const output = dispatch("conv2d", [images, weight], params);
    return bias === undefined ? output : add(output, reshape(bias, [-1, 1, 1]));
  });
}

/** The largest value under each window. Gradient: to the first of the largest. */
export function maxPool2d(x: Tensor, kernelSize: PairLike, options: PoolOptions = {}): Tensor {
  const params = poolParams("maxPool2d", kernelSize, options);
  return batched(x, (images) => dispatch("maxPool2d", [images], params));
}

/** The mean under each window; padding counts as zeros. Gradient: 1/(kH·kW). */
export function avgPool2d(x: Tensor, kernelSize: PairLike, options: PoolOptions = {}): Tensor {
  const params = poolParams("avgPool2d", kernelSize, options);
  return batched(x, (images) => dispatch("avgPool2d", [images], params));
}

/** Resizes images, each pixel blended from its four neighbours. */
export function interpolate(x: Tensor, { size, alignCorners = false }: InterpolateOptions): Tensor {
  return batched(x, (images) => dispatch("bilinear", [images], { size: pairOf(size), alignCorners }));
}

function poolParams(op: string, kernelSize: PairLike, { stride = kernelSize, padding = 0 }: PoolOptions): PoolParams {
  requireCounts(op, { kernelSize, stride }, 1);
  requireCounts(op, { padding }, 0);
  return { kernelSize: pairOf(kernelSize), stride: pairOf(stride), padding: pairOf(padding) };
}

function requireCounts(op: string, options: Readonly<Record<string, PairLike>>, least: number): void {
  for (const [name, value] of Object.entries(options)) {
    if (pairOf(value).every((count) => Number.isInteger(count) && count >= least)) continue;
    throw new ArgumentError(op, `${name} must be whole and at least ${least}, got ${value}`);
  }
}

/** Gives a single image a batch dimension for the time of `fn`. */
function batched(x: Tensor, fn: (images: Tensor) => Tensor): Tensor {
  if (x.ndim !== 3) return fn(x);
  const result = fn(unsqueeze(x, 0));
  return reshape(result, result.shape.slice(1));
}
