// Random elements whose spread keeps the variance of signals from layer to layer.

import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { normal_, type RandomInitOptions, uniform_ } from "./fill.ts";

export interface XavierOptions extends RandomInitOptions {
  /** Factor of the spread, see calculateGain. Default: 1. */
  readonly gain?: number;
}

/** Whether signals on the way forward (fanIn) or gradients on the way back (fanOut) keep their variance. */
export type FanMode = "fanIn" | "fanOut";

export type Nonlinearity = keyof typeof gains | "leakyRelu";

export interface KaimingOptions extends RandomInitOptions {
  /** Slope of the leaky ReLU on the negative side. Default: 0. */
  readonly a?: number;
  /** Default: `fanIn`. */
  readonly mode?: FanMode;
  /** What follows the layer. Default: `leakyRelu`. */
  readonly nonlinearity?: Nonlinearity;
}

const gains = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  convTranspose1d: 1,
  convTranspose2d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.sqrt(2),
  selu: 3 / 4,
} as const;

/**
 * The factor by which an activation shrinks a signal, to be made up for: 1, for tanh 5/3, for relu √2, for leakyRelu
 * √(2/(1 + slope²)), for selu 3/4. Throws an ArgumentError for an unknown name.
 *
 * @example
 * nn.init.calculateGain("relu").toFixed(4); // 1.4142
 */
export function calculateGain(nonlinearity: Nonlinearity, negativeSlope = 0.01): number {
  if (nonlinearity === "leakyRelu") return Math.sqrt(2 / (1 + negativeSlope ** 2));
  const gain: number | undefined = gains[nonlinearity];
  if (gain !== undefined) return gain;
  const names = [...Object.keys(gains), "leakyRelu"].join(", ");
  throw new ArgumentError("calculateGain", `unknown nonlinearity ${String(nonlinearity)}`, `One of ${names}.`);
}

/**
 * Uniform in ±gain·√(6/(fanIn + fanOut)). Weight [out, in, …], changed in place and returned. Throws a ShapeError below
 * two dimensions. X. Glorot, Y. Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks,
 * 2010, https://proceedings.mlr.press/v9/glorot10a.html
 *
 * @example
 * nn.init.xavierUniform_(zeros([256, 784])).max().itemSync() < 0.075955; // true
 */
export function xavierUniform_<T extends Tensor>(tensor: T, { gain = 1, generator }: XavierOptions = {}): T {
  const { fanIn, fanOut } = fansOf("xavierUniform_", tensor.shape);
  // Written as torch computes it, so that the last bit agrees; likewise below.
  const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fanIn + fanOut)));
  return uniform_(tensor, -bound, bound, { generator });
}

/**
 * Normal with standard deviation gain·√(2/(fanIn + fanOut)). As xavierUniform_.
 *
 * @example
 * nn.init.xavierNormal_(zeros([256, 784])).std().itemSync().toFixed(3); // 0.044
 */
export function xavierNormal_<T extends Tensor>(tensor: T, { gain = 1, generator }: XavierOptions = {}): T {
  const { fanIn, fanOut } = fansOf("xavierNormal_", tensor.shape);
  return normal_(tensor, 0, gain * Math.sqrt(2 / (fanIn + fanOut)), { generator });
}

/**
 * Uniform in ±gain·√(3/fan). Weight [out, in, …], changed in place and returned. Throws a ShapeError below two
 * dimensions. K. He et al., Delving Deep into Rectifiers, 2015, https://arxiv.org/abs/1502.01852
 *
 * @example
 * nn.init.kaimingUniform_(zeros([256, 784]), { nonlinearity: "relu" }).max().itemSync() < 0.087482; // true
 */
export function kaimingUniform_<T extends Tensor>(tensor: T, options: KaimingOptions = {}): T {
  const bound = Math.sqrt(3) * kaimingStd("kaimingUniform_", tensor.shape, options);
  return uniform_(tensor, -bound, bound, options);
}

/**
 * Normal with standard deviation gain/√fan. As kaimingUniform_.
 *
 * @example
 * nn.init.kaimingNormal_(zeros([256, 784])).std().itemSync().toFixed(2); // 0.05
 */
export function kaimingNormal_<T extends Tensor>(tensor: T, options: KaimingOptions = {}): T {
  return normal_(tensor, 0, kaimingStd("kaimingNormal_", tensor.shape, options), options);
}

function kaimingStd(op: string, shape: Shape, options: KaimingOptions): number {
  const { a = 0, mode = "fanIn", nonlinearity = "leakyRelu" } = options;
  const fan = fansOf(op, shape)[mode];
  if (fan === undefined) throw new ArgumentError(op, `mode must be fanIn or fanOut, got ${String(mode)}`);
  return calculateGain(nonlinearity, a) / Math.sqrt(fan);
}

/** How many inputs an output has, and the other way round, from a weight [out, in, …]. */
export function fansOf(op: string, shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  const [out, inputs, ...kernel] = shape;
  if (out === undefined || inputs === undefined) {
    throw ShapeError.of(
      op,
      "needs at least two dimensions",
      { tensor: shape },
      "Biases are set with zeros_ or uniform_.",
    );
  }
  const field = sizeOf(kernel);
  return { fanIn: inputs * field, fanOut: out * field };
}
