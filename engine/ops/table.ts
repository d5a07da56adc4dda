// The table of ops: every op's name, how many tensors it takes and its parameters. Types only. All other tables are keyed
// by it (inference, saved-for-backward, gradients, kernels of each backend): forget a row there and it does not compile.
// These are the primitives; what users call (ops/functions) checks, promotes and composes them.

import type { Device } from "../core/device.ts";
import type { DType } from "../core/dtype.ts";
import type { Shape } from "../core/shape.ts";

/** What inference knows of a tensor: no data. */
export interface Meta {
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A row: arity and parameters. */
interface Op<Arity extends 1 | 2 | "2 or 3" | 3 | 4 | 5 | "many", P extends object = NoParams> {
  readonly arity: Arity;
  readonly params: P;
}

export type NoParams = Readonly<Record<string, never>>;

export interface ReduceParams {
  /** Dimensions to reduce, resolved and ascending. */
  readonly dims: readonly number[];
  readonly keepdim: boolean;
}

export interface DimParams {
  readonly dim: number;
}

export interface ReduceDimParams extends DimParams {
  readonly keepdim: boolean;
}

export interface ShapeParams {
  readonly shape: Shape;
}

export interface MatmulParams {
  /** Multiplies by the transpose of the last two dimensions, without a copy. */
  readonly transposeLhs: boolean;
  readonly transposeRhs: boolean;
}

/** Height and width. */
export type Pair = readonly [height: number, width: number];

export interface ConvParams {
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
}

export interface PoolParams {
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  /** A last window may hang over the end. */
  readonly ceilMode: boolean;
}

export interface MaxPoolParams extends PoolParams {
  readonly dilation: Pair;
}

export interface AvgPoolParams extends PoolParams {
  /** Padding counts as elements of value 0. */
  readonly countIncludePad: boolean;
}

export interface ResizeParams {
  /** Input elements for one output element, in height and width. */
  readonly scale: Pair;
  readonly alignCorners: boolean;
}

/** What is applied to every element of a result before it is written. */
export type Activation = "none" | "tanh" | "sigmoid" | "relu";

export interface ActivationParams {
  readonly activation: Activation;
}

export type Nonlinearity = "tanh" | "relu";

export interface RnnParams {
  readonly nonlinearity: Nonlinearity;
}

export interface NormalizeParams {
  readonly batch: number;
  readonly groups: number;
  readonly length: number;
  /** Weight and bias have an element for each group, or for each element of the last dimension. */
  readonly affine: "group" | "element";
  readonly eps: number;
}

export type Reduction = "mean" | "sum" | "none";

export interface NllLossParams {
  readonly reduction: Reduction;
  readonly ignoreIndex: number;
}

export interface OpTable {
  // Element by element; two operands broadcast and have one dtype.
  add: Op<2>;
  sub: Op<2>;
  mul: Op<2>;
  div: Op<2>;
  pow: Op<2>;
  maximum: Op<2>;
  minimum: Op<2>;
  /** With the sign of the divisor. */
  remainder: Op<2>;
  eq: Op<2>;
  ne: Op<2>;
  gt: Op<2>;
  ge: Op<2>;
  lt: Op<2>;
  le: Op<2>;
  /** condition, where true, where false */
  where: Op<3>;
  neg: Op<1>;
  exp: Op<1>;
  log: Op<1>;
  sqrt: Op<1>;
  abs: Op<1>;
  sign: Op<1>;
  floor: Op<1>;
  ceil: Op<1>;
  /** Halves go to the even neighbour. */
  round: Op<1>;
  trunc: Op<1>;
  log1p: Op<1>;
  expm1: Op<1>;
  sin: Op<1>;
  cos: Op<1>;
  tan: Op<1>;
  erf: Op<1>;
  tanh: Op<1>;
  sigmoid: Op<1>;
  relu: Op<1>;
  /** gradient, output of tanh → gradient of its input */
  tanhBackward: Op<2>;
  sigmoidBackward: Op<2>;
  reluBackward: Op<2>;
  /** Bounds may be infinite. */
  clamp: Op<1, { readonly min: number; readonly max: number }>;
  cast: Op<1, { readonly dtype: DType }>;

  // Reductions
  sum: Op<1, ReduceParams>;
  mean: Op<1, ReduceParams>;
  amax: Op<1, ReduceParams>;
  amin: Op<1, ReduceParams>;
  /** Over one dimension; the first of equal values. */
  argmax: Op<1, ReduceDimParams>;
  argmin: Op<1, ReduceDimParams>;
  prod: Op<1, ReduceDimParams>;

  // Order along one dimension
  cumsum: Op<1, DimParams>;
  /** a, b of one shape: y[k] = a[k] · y[k - 1] + b[k], y[-1] = 0 */
  recurrence: Op<2, DimParams>;
  /** Where the sorted elements are; equal ones keep their order, NaN is the largest. */
  argsort: Op<1, DimParams & { readonly descending: boolean }>;

  // Movement; the first five are views, see views.ts.
  reshape: Op<1, ShapeParams>;
  permute: Op<1, { readonly dims: readonly number[] }>;
  expand: Op<1, ShapeParams>;
  flip: Op<1, { readonly dims: readonly number[] }>;
  /** `length` entries along a dimension: start, start + step, … */
  slice: Op<1, DimParams & { readonly start: number; readonly length: number; readonly step: number }>;
  /** The same elements row by row, copied. */
  contiguous: Op<1>;
  /** Pads each dimension with a constant, [before, after] for every dimension. */
  pad: Op<1, { readonly padding: readonly (readonly [before: number, after: number])[]; readonly value: number }>;
  cat: Op<"many", DimParams>;
  /** The same elements on another device. */
  toDevice: Op<1, { readonly from: Device; readonly to: Device }>;

  // Indexing; indices are int32.
  /** x, index: out[i][j] = x[index[i][j]][j] for dim 0 */
  gather: Op<2, DimParams>;
  /** base, index, source: base[index[i][j]][j] += source[i][j] for dim 0 */
  scatterAdd: Op<3, DimParams>;
  /** base, index, source: base[index[i][j]][j] = source[i][j] for dim 0, the last one wins */
  scatter: Op<3, DimParams>;
  /** x, index of rank 1: whole slices */
  indexSelect: Op<2, DimParams>;
  /** base, index of rank 1, source: adds whole slices */
  indexAdd: Op<3, DimParams>;
  oneHot: Op<1, { readonly classes: number }>;

  matmul: Op<2, MatmulParams>;
  /** x [N, in], weight [out, in] and bias [out], or none → activation(x · weightᵀ + bias) */
  linear: Op<"2 or 3", ActivationParams>;

  // Recurrent layers over T steps of N rows, time first, weights and gates in PyTorch's order. `pre` is the projection of
  // all inputs with the biases. What they reserve for their gradients, says inference/recurrent.ts; the …Backward ops give
  // flat what gradients/recurrent.ts cuts up.
  /** pre [T, N, H], weight [H, H], h0 [N, H] → h0, h1 … hT [T + 1, N, H] */
  rnn: Op<3, RnnParams>;
  /** gradient of the output, weight, output → gradients of pre and h0 */
  rnnBackward: Op<3, RnnParams>;
  /** pre [T, N, 3H], weight [3H, H], bias of n [H], h0 [N, H] → h0, h1 … hT [T + 1, N, H] */
  gru: Op<4>;
  /** gradient of the output, weight, output, reserve → gradients of pre, of weight · h + bias of n, and of h0 */
  gruBackward: Op<4>;
  /** pre [T, N, 4H], weight [4H, H], h0, c0 [N, H] → h0, h1 … hT, cT [T + 2, N, H] */
  lstm: Op<4>;
  /** gradient of the output, weight, output, reserve, c0 → gradients of pre, h0 and c0 */
  lstmBackward: Op<5>;

  /**
   * x as batch × groups × length, weight and bias → (x - mean)/√(variance + ε) · weight + bias, with the moments of each
   * group over batch and length. Reserves means, variances and inverse deviations of the groups.
   */
  normalize: Op<3, NormalizeParams>;
  /** gradient, x, weight, reserve → gradients of x, weight and bias, flat */
  normalizeBackward: Op<4, NormalizeParams>;

  // Images, N × C × H × W. Each linear map stands beside its adjoint, so that gradients have gradients.
  /** image, weight and bias [filters], or none → activation(image ⋆ weight + bias) */
  conv2d: Op<"2 or 3", ConvParams & ActivationParams>;
  /** output gradient, weight → input gradient */
  conv2dInput: Op<2, ConvParams & { readonly inputShape: Shape }>;
  /** input, output gradient → weight gradient */
  conv2dWeight: Op<2, ConvParams & { readonly weightShape: Shape }>;
  maxPool2d: Op<1, MaxPoolParams>;
  /** image, output gradient → input gradient: each goes to where its maximum was found */
  maxPool2dInput: Op<2, MaxPoolParams>;
  /** Where each maximum was found, as y · width + x of its plane. */
  maxPool2dIndices: Op<1, MaxPoolParams>;
  avgPool2d: Op<1, AvgPoolParams>;
  avgPool2dInput: Op<1, AvgPoolParams & { readonly inputShape: Shape }>;
  bilinear: Op<1, ResizeParams & { readonly size: Pair }>;
  bilinearInput: Op<1, ResizeParams & { readonly inputShape: Shape }>;

  /** prediction, target of one shape → (prediction - target)², reduced */
  mseLoss: Op<2, { readonly reduction: Reduction }>;
  /** gradient of the loss, prediction, target → gradient of the prediction */
  mseLossBackward: Op<3, { readonly reduction: Reduction }>;

  // Classification
  softmax: Op<1, DimParams>;
  logSoftmax: Op<1, DimParams>;
  /** gradient, output of softmax → gradient of its input */
  softmaxBackward: Op<2, DimParams>;
  logSoftmaxBackward: Op<2, DimParams>;
  /** log-probabilities N × C × …, target N × … */
  nllLoss: Op<2, NllLossParams>;
  /** logits N × C, target N → nllLoss of logSoftmax. Reserves the probabilities. */
  crossEntropy: Op<2, NllLossParams>;
  /** gradient of the loss, target, reserve → gradient of the logits, whose shape is given */
  crossEntropyBackward: Op<3, NllLossParams & ShapeParams>;
  /** gradient of the loss, target → gradient of the log-probabilities, whose shape is given */
  nllLossBackward: Op<2, NllLossParams & ShapeParams>;
}

export type OpName = keyof OpTable;

/** Ops that only look at the same elements differently: no backend computes them. */
/** Ops that take elements from one device to another. */
export type MoveOp = "toDevice";
export type ViewOp = "reshape" | "permute" | "expand" | "flip" | "slice";
export type Params<P extends OpName> = OpTable[P]["params"];

interface ByArity<T> {
  1: readonly [T];
  2: readonly [T, T];
  "2 or 3": readonly [T, T, ...T[]];
  3: readonly [T, T, T];
  4: readonly [T, T, T, T];
  5: readonly [T, T, T, T, T];
  many: readonly T[];
}

/** One `T` for each tensor that op `P` takes. */
export type Inputs<P extends OpName, T> = ByArity<T>[OpTable[P]["arity"]];
