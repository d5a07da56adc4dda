// Normalisation: subtract a mean, divide by a deviation; the functions differ in which elements share them.
// The variance that divides is that of the whole population; running variances are those of samples.

import { noGrad } from "../../autograd/no-grad.ts";
import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { formatShape, sizeOf } from "../../core/shape.ts";
import { narrow, pad, reshape } from "../../ops/functions/movement/movement.ts";
import { normalize } from "../../ops/functions/normalization.ts";
import { lerp, rsqrt, square } from "../../ops/functions/pointwise/elementary.ts";
import { add, div, mul, pow, sub } from "../../ops/functions/pointwise/pointwise.ts";
import { mean } from "../../ops/functions/reduction/reduction.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface NormOptions {
  /** Factor after normalising, for each channel (layerNorm: each element of the normalised shape). Default: none. */
  readonly weight?: Tensor | undefined;
  /** Added at the end. Default: none. */
  readonly bias?: Tensor | undefined;
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
}

export interface BatchNormOptions extends NormOptions {
  /** Running mean [C]; changed when training. Default: none. */
  readonly runningMean?: Tensor | undefined;
  /** Running variance [C]; changed when training. Default: none. */
  readonly runningVar?: Tensor | undefined;
  /** Use the batch's own statistics, and add them to the running ones. Default: false. */
  readonly training?: boolean;
  /** Weight of the new batch in the running statistics. Default: 0.1. */
  readonly momentum?: number | Tensor;
}

export interface LocalResponseNormOptions {
  /** Default: 1e-4. */
  readonly alpha?: number;
  /** Default: 0.75. */
  readonly beta?: number;
  /** Default: 1. */
  readonly k?: number;
}

interface Moments {
  readonly centred: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * (x - mean)/√(variance + ε)·weight + bias for N × C × …, with statistics of each channel over all other dimensions.
 * Throws an ArgumentError without running statistics outside training, a ShapeError for one value a channel in
 * training. S. Ioffe, C. Szegedy, Batch Normalization, 2015, https://arxiv.org/abs/1502.03167
 *
 * @example
 * const x = tensor([[1], [2], [3], [4]]);
 * nn.functional.batchNorm(x, { training: true }).flatten(); // tensor([-1.3416, -0.4472,  0.4472,  1.3416])
 */
export function batchNorm(x: Tensor, options: BatchNormOptions = {}): Tensor {
  const { runningMean, runningVar, training = false, momentum = 0.1, eps = 1e-5 } = options;
  if (!training && (runningMean === undefined || runningVar === undefined)) {
    throw new ArgumentError("batchNorm", "needs runningMean and runningVar outside training");
  }
  const others = x.shape.flatMap((_, dim) => (dim === 1 ? [] : [dim]));
  const count = others.reduce((product, dim) => product * x.shape[dim]!, 1);
  if (training && count === 1) {
    const hint = "One value has no variance: use a larger batch, or eval().";
    throw ShapeError.of("batchNorm", "expected more than one value per channel in training", { got: x.shape }, hint);
  }
  return scoped(() => {
    if (!training) {
      const centred = sub(x, alongChannels(runningMean!, x));
      return affine(centred, alongChannels(runningVar!, x), options, eps);
    }
    const { weight, bias } = options;
    const isOneOp = weight !== undefined && bias !== undefined;
    const hasRunning = runningMean !== undefined || runningVar !== undefined;
    const moments = isOneOp && !hasRunning ? undefined : momentsOf(isOneOp ? x.detach() : x, others);
    // An empty batch has nothing to say.
    if (moments !== undefined && count > 0) {
      update(runningMean, () => moments.mean, momentum);
      update(runningVar, () => mul(moments.variance, count / (count - 1)), momentum);
    }
    if (!isOneOp) return affine(moments!.centred, moments!.variance, options, eps);
    const params = { batch: x.shape[0]!, groups: x.shape[1]!, length: sizeOf(x.shape.slice(2)) };
    return normalize(x, weight, bias, { ...params, affine: "group", eps });
  });
}

/**
 * Like batchNorm, with statistics of each channel of each sample. With running statistics given, `training: false` uses
 * those instead. Throws a ShapeError for channels of one element.
 * D. Ulyanov et al., Instance Normalization, 2016, https://arxiv.org/abs/1607.08022
 *
 * @example
 * const x = tensor([[[1, 3], [2, 6]]]);
 * nn.functional.instanceNorm(x).flatten(); // tensor([-1.0000,  1.0000, -1.0000,  1.0000])
 */
export function instanceNorm(x: Tensor, options: BatchNormOptions = {}): Tensor {
  const { runningMean, runningVar, training = true, momentum = 0.1, eps = 1e-5 } = options;
  if (!training && runningMean !== undefined && runningVar !== undefined) return batchNorm(x, options);
  const inner = x.shape.map((_, dim) => dim).slice(2);
  const count = sizeOf(x.shape.slice(2));
  if (count === 1) {
    const hint = "One element has no variance.";
    throw ShapeError.of("instanceNorm", "expected more than one element per channel", { got: x.shape }, hint);
  }
  return scoped(() => {
    const moments = momentsOf(x, inner);
    if (x.numel > 0) {
      update(runningMean, () => mean(moments.mean, 0), momentum);
      update(runningVar, () => mul(mean(moments.variance, 0), count / (count - 1)), momentum);
    }
    return affine(moments.centred, moments.variance, options, eps);
  });
}

/**
 * (x - mean)/√(variance + ε)·weight + bias, with statistics over the last dimensions, which must be `normalizedShape`;
 * weight and bias have that shape. Throws a ShapeError for other sizes.
 * J. Ba, J. Kiros, G. Hinton, Layer Normalization, 2016, https://arxiv.org/abs/1607.06450
 *
 * @example
 * nn.functional.layerNorm(tensor([1, 2, 3]), [3]); // tensor([-1.2247,  0.0000,  1.2247])
 */
export function layerNorm(x: Tensor, normalizedShape: readonly number[], options: NormOptions = {}): Tensor {
  const { weight, bias, eps = 1e-5 } = options;
  const first = x.ndim - normalizedShape.length;
  if (first < 0 || `${x.shape.slice(first)}` !== `${normalizedShape}`) {
    const problem = `expected an input ending in ${formatShape(normalizedShape)}, got ${formatShape(x.shape)}`;
    throw new ShapeError("layerNorm", problem, [x.shape], "It normalises over the last dimensions.");
  }
  if (weight !== undefined && bias !== undefined) {
    const [groups, length] = [sizeOf(x.shape.slice(0, first)), sizeOf(normalizedShape)];
    const params = { batch: 1, groups, length, affine: "element", eps } as const;
    return scoped(() => normalize(x, reshape(weight, [-1]), reshape(bias, [-1]), params));
  }
  return scoped(() => {
    const moments = momentsOf(
      x,
      normalizedShape.map((_, i) => first + i),
    );
    const normal = mul(moments.centred, rsqrt(add(moments.variance, eps)));
    const scaled = weight === undefined ? normal : mul(normal, weight);
    return bias === undefined ? scaled : add(scaled, bias);
  });
}

/**
 * Like layerNorm over the channels and pixels of each of `groups` groups of channels of N × C × …; weight and bias [C].
 * Throws a ShapeError if the channels cannot be grouped.
 * Y. Wu, K. He, Group Normalization, 2018, https://arxiv.org/abs/1803.08494
 *
 * @example
 * const x = tensor([[1, 3, 2, 6]]);
 * nn.functional.groupNorm(x, 2).flatten(); // tensor([-1.0000,  1.0000, -1.0000,  1.0000])
 */
export function groupNorm(x: Tensor, groups: number, options: NormOptions = {}): Tensor {
  const [batch, channels] = x.shape;
  if (batch === undefined || channels === undefined || channels % groups !== 0) {
    const problem = `expected channels in dimension 1 that ${groups} divides`;
    throw ShapeError.of("groupNorm", problem, { got: x.shape });
  }
  const { weight, bias, eps = 1e-5 } = options;
  return scoped(() => {
    const grouped = reshape(x, [batch, groups, channels / groups, ...x.shape.slice(2)]);
    const dims = grouped.shape.map((_, dim) => dim).slice(2);
    const { centred, variance } = momentsOf(grouped, dims);
    const normal = reshape(mul(centred, rsqrt(add(variance, eps))), x.shape);
    const scaled = weight === undefined ? normal : mul(normal, alongChannels(weight, x));
    return bias === undefined ? scaled : add(scaled, alongChannels(bias, x));
  });
}

/**
 * x/(k + α/size·Σ x²)^β for N × C × …, the sum over `size` neighbouring channels, zeros beyond the ends. Throws an
 * ArgumentError for a size below 1.
 * A. Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks, 2012, section 3.3
 *
 * @example
 * const x = ones([1, 3, 1]);
 * nn.functional.localResponseNorm(x, 3, { alpha: 3, beta: 1 }).flatten(); // tensor([0.3333, 0.2500, 0.3333])
 */
export function localResponseNorm(
  x: Tensor,
  size: number,
  { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {},
): Tensor {
  if (!(size >= 1)) throw new ArgumentError("localResponseNorm", `size must be at least 1, got ${size}`);
  return scoped(() => {
    const before = Math.floor(size / 2);
    const beyond = new Array<number>(2 * (x.ndim - 2)).fill(0);
    const squares = pad(square(x), [...beyond, before, size - 1 - before]);
    let total = narrow(squares, 1, 0, x.shape[1]!);
    for (let i = 1; i < size; i++) total = add(total, narrow(squares, 1, i, x.shape[1]!));
    return div(x, pow(add(mul(total, alpha / size), k), beta));
  });
}

function momentsOf(x: Tensor, dims: readonly number[]): Moments {
  const average = mean(x, dims, { keepdim: true });
  const centred = sub(x, average);
  return { centred, mean: average, variance: mean(square(centred), dims, { keepdim: true }) };
}

function affine(centred: Tensor, variance: Tensor, { weight, bias }: NormOptions, eps: number): Tensor {
  const inverse = rsqrt(add(variance, eps));
  const scale = weight === undefined ? inverse : mul(inverse, alongChannels(weight, centred));
  const scaled = mul(centred, scale);
  return bias === undefined ? scaled : add(scaled, alongChannels(bias, centred));
}

/** [C] as 1 × C × 1 × …, to meet x. */
function alongChannels(values: Tensor, { ndim }: Tensor): Tensor {
  return reshape(values, [-1, ...new Array<number>(Math.max(ndim - 2, 0)).fill(1)]);
}

/** running ← running + momentum · (now - running) */
function update(running: Tensor | undefined, now: () => Tensor, momentum: number | Tensor): void {
  if (running === undefined) return;
  noGrad(() => running.assign(lerp(running, reshape(now(), running.shape), momentum)));
}
