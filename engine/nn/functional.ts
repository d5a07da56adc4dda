// Layers and losses as plain functions: `nn.functional`. What has no parameters to learn, or is given them.

import { context } from "../core/context.ts";
import { ArgumentError, ShapeError } from "../core/errors.ts";
import type { Generator } from "../core/random.ts";
import { formatShape, sameShape, sizeOf } from "../core/shape.ts";
import type { LossOptions } from "../ops/functions/classification.ts";
import { matmul } from "../ops/functions/matmul.ts";
import { reshape } from "../ops/functions/movement.ts";
import { add, mul, sub } from "../ops/functions/pointwise.ts";
import { mean, sum } from "../ops/functions/reduction.ts";
import { tensor } from "../tensor/creation.ts";
import { scoped } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

export type { GeluOptions, SoftplusOptions } from "../ops/functions/activation.ts";
export {
  elu,
  gelu,
  glu,
  hardSigmoid,
  hardtanh,
  leakyRelu,
  logSigmoid,
  mish,
  prelu,
  relu6,
  selu,
  silu,
  softplus,
  softsign,
} from "../ops/functions/activation.ts";
export type { CrossEntropyOptions, LossOptions, NllLossOptions } from "../ops/functions/classification.ts";
export { crossEntropy, logSoftmax, nllLoss, softmax } from "../ops/functions/classification.ts";
export {
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  fold,
  interpolate,
  maxPool1d,
  maxPool2d,
  unfold2d as unfold,
} from "../ops/functions/image.ts";
export { oneHot } from "../ops/functions/indexing.ts";
export { pad } from "../ops/functions/movement.ts";
export { relu, sigmoid, tanh } from "../ops/functions/pointwise.ts";

export interface DropoutOptions {
  /** Probability of being set to 0. Default: 0.5. */
  readonly p?: number;
  /** Default: true. */
  readonly training?: boolean;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** x·Wᵀ + b over the last dimension. Weight [out, in], bias [out]. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const [out, features] = weight.shape as [number, number];
  if (x.shape.at(-1) !== features) {
    const hint = `The last size of the input must be ${features}; nn.Flatten makes rows of images.`;
    throw ShapeError.of("linear", `expected ${features} features`, { input: x.shape, weight: weight.shape }, hint);
  }
  return scoped(() => {
    const rows = x.ndim === 2 ? x : reshape(x, [sizeOf(x.shape.slice(0, -1)), features]);
    const product = matmul(rows, weight, { transposeRhs: true });
    const shifted = bias === undefined ? product : add(product, bias);
    return x.ndim === 2 ? shifted : reshape(shifted, [...x.shape.slice(0, -1), out]);
  });
}

/** Mean of (prediction - target)². Shapes must be equal: broadcasting here is nearly always a mistake. */
export function mseLoss(prediction: Tensor, target: Tensor, { reduction = "mean" }: LossOptions = {}): Tensor {
  if (!sameShape(prediction.shape, target.shape)) {
    const hint = `Reshape the target to ${formatShape(prediction.shape)}, for example with unsqueeze(1).`;
    throw ShapeError.of("mseLoss", "shapes differ", { prediction: prediction.shape, target: target.shape }, hint);
  }
  return scoped(() => {
    const difference = sub(prediction, target);
    const squares = mul(difference, difference);
    if (reduction === "none") return squares;
    return reduction === "mean" ? mean(squares) : sum(squares);
  });
}

/** Sets elements to 0 with probability `p` and divides the others by 1 - p, so that the expectation stays. */
export function dropout(
  x: Tensor,
  { p = 0.5, training = true, generator = context.generator }: DropoutOptions = {},
): Tensor {
  if (!(p >= 0 && p <= 1)) throw new ArgumentError("dropout", `p must be between 0 and 1, got ${p}`);
  if (!training || p === 0) return x;
  const scale = p === 1 ? 0 : 1 / (1 - p);
  const mask = Float32Array.from({ length: x.numel }, () => (generator.nextFloat() < p ? 0 : scale));
  return scoped(() => mul(x, tensor(mask, { shape: x.shape })));
}
