// Normalisation layers. Formulas: nn/functional/normalization.

import { noGrad } from "../../autograd/no-grad.ts";
import { ArgumentError } from "../../core/errors.ts";
import { add, div } from "../../ops/functions/pointwise/pointwise.ts";
import { ones, zeros } from "../../tensor/creation.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Buffer } from "../buffer.ts";
import { type Layouts, requireRank, requireSize } from "../functional/checks.ts";
import {
  batchNorm,
  groupNorm,
  instanceNorm,
  type LocalResponseNormOptions,
  layerNorm,
  localResponseNorm,
} from "../functional/normalization.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { pythonBool, pythonFloat, pythonTuple } from "../python-text.ts";

export interface BatchNormLayerOptions {
  /** Added to the variance. Default: 1e-5. */
  readonly eps?: number;
  /** Weight of a new batch in the running statistics; null gives all batches the same. Default: 0.1. */
  readonly momentum?: number | null;
  /** Learn a factor and a shift for each channel. Default: true; for InstanceNorm false. */
  readonly affine?: boolean;
  /** Keep running statistics for evaluation. Default: true; for InstanceNorm false. */
  readonly trackRunningStats?: boolean;
}

export interface LayerNormOptions {
  /** Default: 1e-5. */
  readonly eps?: number;
  /** Learn a factor and a shift for each element. Default: true. */
  readonly elementwiseAffine?: boolean;
}

export interface GroupNormOptions {
  /** Default: 1e-5. */
  readonly eps?: number;
  /** Learn a factor and a shift for each channel. Default: true. */
  readonly affine?: boolean;
}

/** Channels with statistics: what BatchNorm and InstanceNorm have in common. */
abstract class ChannelNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  /** `running_mean` in state dicts. */
  readonly runningMean: Buffer | undefined;
  /** `running_var` in state dicts. */
  readonly runningVar: Buffer | undefined;
  /** `num_batches_tracked` in state dicts; int32, in PyTorch int64. */
  readonly numBatchesTracked: Buffer | undefined;

  constructor(numFeatures: number, options: Required<BatchNormLayerOptions>) {
    super();
    const { eps, momentum, affine, trackRunningStats } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.weight = affine ? new Parameter(ones([numFeatures])) : undefined;
    this.bias = affine ? new Parameter(zeros([numFeatures])) : undefined;
    this.runningMean = trackRunningStats ? new Buffer(zeros([numFeatures])) : undefined;
    this.runningVar = trackRunningStats ? new Buffer(ones([numFeatures])) : undefined;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: "int32" })) : undefined;
  }

  /** Counts the batch; the weight that it gets in the running statistics. */
  protected countBatch(): number | Tensor {
    const tracked = this.numBatchesTracked;
    if (!this.training || tracked === undefined) return this.momentum ?? 0;
    return noGrad(() => {
      tracked.assign(add(tracked, 1));
      return this.momentum ?? div(1, tracked);
    });
  }

  protected override describe(): string {
    return [
      this.numFeatures,
      `eps=${pythonFloat(this.eps)}`,
      `momentum=${this.momentum === null ? "None" : pythonFloat(this.momentum)}`,
      `affine=${pythonBool(this.affine)}`,
      `track_running_stats=${pythonBool(this.trackRunningStats)}`,
    ].join(", ");
  }
}

abstract class BatchNorm extends ChannelNorm {
  readonly #layouts: Layouts;

  constructor(layouts: Layouts, numFeatures: number, options: BatchNormLayerOptions) {
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true } = options;
    super(numFeatures, { eps, momentum, affine, trackRunningStats });
    this.#layouts = layouts;
  }

  override forward(x: Tensor): Tensor {
    requireRank(this.constructor.name, x, this.#layouts);
    requireSize(this.constructor.name, "channels", x, 1, this.numFeatures);
    const training = this.training || this.runningMean === undefined;
    return scoped(() => batchNorm(x, { ...this.#given(), training, momentum: this.countBatch() }));
  }

  #given() {
    const { runningMean, runningVar, weight, bias, eps } = this;
    return { runningMean, runningVar, weight, bias, eps };
  }
}

/**
 * Normalises each of C features over N × C, or each channel over N × C × L, with the batch's statistics in training and
 * running ones in evaluation. Weight and bias [C]. Throws a ShapeError for other ranks or channels. S. Ioffe, C.
 * Szegedy, Batch Normalization, 2015, https://arxiv.org/abs/1502.03167
 *
 * @example
 * const norm = new nn.BatchNorm1d(1);
 * norm.forward(tensor([[1], [2], [3], [4]])).detach().flatten(); // tensor([-1.3416, -0.4472,  0.4472,  1.3416])
 * norm.runningMean; // tensor([0.2500])
 */
export class BatchNorm1d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super({ 2: "(N, C)", 3: "(N, C, L)" }, numFeatures, options);
  }
}

/**
 * Normalises each channel of N × C × H × W; see BatchNorm1d.
 *
 * @example
 * new nn.BatchNorm2d(3).forward(rand([4, 3, 5, 5])).shape; // [4, 3, 5, 5]
 * Object.keys(new nn.BatchNorm2d(3, { affine: false }).stateDict()); // [running_mean, running_var, num_batches_tracked]
 */
export class BatchNorm2d extends BatchNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super({ 4: "(N, C, H, W)" }, numFeatures, options);
  }
}

abstract class InstanceNorm extends ChannelNorm {
  readonly #layouts: Layouts;
  readonly #single: number;

  constructor(layouts: Layouts, numFeatures: number, options: BatchNormLayerOptions) {
    const { eps = 1e-5, momentum = 0.1, affine = false, trackRunningStats = false } = options;
    if (momentum === null) throw new ArgumentError("InstanceNorm", "momentum must be a number");
    super(numFeatures, { eps, momentum, affine, trackRunningStats });
    this.#layouts = layouts;
    this.#single = Math.min(...Object.keys(layouts).map(Number));
  }

  override forward(x: Tensor): Tensor {
    const isSingle = x.ndim === this.#single;
    requireRank(this.constructor.name, x, this.#layouts);
    requireSize(this.constructor.name, "channels", x, isSingle ? 0 : 1, this.numFeatures);
    const { runningMean, runningVar, weight, bias, eps } = this;
    const training = this.training || runningMean === undefined;
    const options = { runningMean, runningVar, weight, bias, eps, training, momentum: this.momentum ?? 0.1 };
    return isSingle ? scoped(() => instanceNorm(x.unsqueeze(0), options).squeeze(0)) : instanceNorm(x, options);
  }
}

/**
 * Normalises each channel of each sample of N × C × L (or C × L). Weight and bias [C] with `affine`. Throws a
 * ShapeError for other ranks or channels. D. Ulyanov et al., Instance Normalization, 2016,
 * https://arxiv.org/abs/1607.08022
 *
 * @example
 * new nn.InstanceNorm1d(1).forward(tensor([[[1, 3]]])).flatten(); // tensor([-1.0000,  1.0000])
 */
export class InstanceNorm1d extends InstanceNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super({ 2: "(C, L)", 3: "(N, C, L)" }, numFeatures, options);
  }
}

/**
 * Normalises each channel of each image of N × C × H × W (or C × H × W); see InstanceNorm1d.
 *
 * @example
 * new nn.InstanceNorm2d(3).forward(rand([4, 3, 5, 5])).shape; // [4, 3, 5, 5]
 */
export class InstanceNorm2d extends InstanceNorm {
  constructor(numFeatures: number, options: BatchNormLayerOptions = {}) {
    super({ 3: "(C, H, W)", 4: "(N, C, H, W)" }, numFeatures, options);
  }
}

/**
 * Normalises over the last dimensions, which are `normalizedShape`; weight and bias have that shape. Throws a
 * ShapeError for other sizes. J. Ba, J. Kiros, G. Hinton, Layer Normalization, 2016, https://arxiv.org/abs/1607.06450
 *
 * @example
 * new nn.LayerNorm(3).forward(tensor([1, 2, 3])).detach(); // tensor([-1.2247,  0.0000,  1.2247])
 */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;

  constructor(
    normalizedShape: number | readonly number[],
    { eps = 1e-5, elementwiseAffine = true }: LayerNormOptions = {},
  ) {
    super();
    this.normalizedShape = typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape;
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : undefined;
    this.bias = elementwiseAffine ? new Parameter(zeros(this.normalizedShape)) : undefined;
  }

  override forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this);
  }

  protected override describe(): string {
    const affine = pythonBool(this.weight !== undefined);
    return `${pythonTuple(this.normalizedShape)}, eps=${pythonFloat(this.eps)}, elementwise_affine=${affine}`;
  }
}

/**
 * Normalises over the channels and pixels of each group of channels of N × C × …; weight and bias [C]. Throws an
 * ArgumentError if the channels cannot be grouped. Y. Wu, K. He, Group Normalization, 2018,
 * https://arxiv.org/abs/1803.08494
 *
 * @example
 * new nn.GroupNorm(2, 4).forward(tensor([[1, 3, 2, 6]])).detach().flatten(); // tensor([-1.0000,  1.0000, -1.0000,  1.0000])
 */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  readonly eps: number;
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;

  constructor(numGroups: number, numChannels: number, { eps = 1e-5, affine = true }: GroupNormOptions = {}) {
    super();
    if (numChannels % numGroups !== 0) {
      throw new ArgumentError("GroupNorm", `${numChannels} channels cannot be split into ${numGroups} groups`);
    }
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([numChannels])) : undefined;
    this.bias = affine ? new Parameter(zeros([numChannels])) : undefined;
  }

  override forward(x: Tensor): Tensor {
    requireSize("GroupNorm", "channels", x, 1, this.numChannels);
    return groupNorm(x, this.numGroups, this);
  }

  protected override describe(): string {
    const affine = pythonBool(this.weight !== undefined);
    return `${this.numGroups}, ${this.numChannels}, eps=${pythonFloat(this.eps)}, affine=${affine}`;
  }
}

/**
 * Divides by a power of what `size` neighbouring channels have in squares; see localResponseNorm. N × C × …
 * A. Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks, 2012, section 3.3
 *
 * @example
 * new nn.LocalResponseNorm(5, { k: 2 }).forward(rand([1, 8, 4, 4])).shape; // [1, 8, 4, 4]
 */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(size: number, { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseNormOptions = {}) {
    super();
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this);
  }

  protected override describe(): string {
    return `${this.size}, alpha=${pythonFloat(this.alpha)}, beta=${pythonFloat(this.beta)}, k=${pythonFloat(this.k)}`;
  }
}
