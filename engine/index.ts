// Door of the engine: what `import { … } from "lectern"` gives in a cell. Everything else is inside; what the process
// that hosts the engine needs is host.ts.

import "./tensor/methods.ts";

export { detectAnomaly } from "./autograd/anomaly.ts";
export type { BackwardOptions } from "./autograd/backward.ts";
export { type GradientsOptions, grad, gradients } from "./autograd/grad.ts";
export { type GradcheckOptions, gradcheck, gradgradcheck } from "./autograd/gradcheck.ts";
export { isGradEnabled, noGrad } from "./autograd/no-grad.ts";
export type { GradEdge, GradHook, GradNode } from "./autograd/tape.ts";
export type { MemoryInfo } from "./backends/backend.ts";
export { onMeta } from "./backends/meta/meta-backend.ts";
export { manualSeed } from "./core/context.ts";
export type { Device, DeviceName } from "./core/device.ts";
export { device, memory } from "./core/devices.ts";
export type { DType, Scalar, TypedArray } from "./core/dtype.ts";
export {
  AnomalyError,
  ArgumentError,
  AssertionError,
  BackendError,
  DisposedError,
  DtypeError,
  EngineError,
  FormatError,
  GradError,
  ShapeError,
} from "./core/errors.ts";
export { Generator } from "./core/random.ts";
export type { Shape } from "./core/shape.ts";
export * as data from "./data/index.ts";
export * as io from "./io/index.ts";
export * as metrics from "./metrics/index.ts";
export * as models from "./models/index.ts";
export * as nn from "./nn/index.ts";
export {
  type CrossEntropyOptions,
  logSoftmax,
  type NllLossOptions,
  softmax,
} from "./ops/functions/classification.ts";
export {
  type Conv1dOptions,
  type ConvOptions,
  type ConvTranspose1dOptions,
  type ConvTransposeOptions,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
} from "./ops/functions/image/convolution.ts";
export type { PatchOptions } from "./ops/functions/image/patches.ts";
export {
  type AdaptiveMaxPoolOptions,
  type AvgPoolOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  adaptiveMaxPool2d,
  avgPool1d,
  avgPool2d,
  type MaxPoolOptions,
  maxPool1d,
  maxPool2d,
  type PoolOptions,
} from "./ops/functions/image/pooling.ts";
export type { InterpolateOptions } from "./ops/functions/image/resize.ts";
export { at, type Index, type Range } from "./ops/functions/indexing/at.ts";
export { gather, indexAdd, indexSelect, nonzero, scatter, scatterAdd } from "./ops/functions/indexing/indexing.ts";
export {
  type BincountOptions,
  bincount,
  maskedSelect,
  type UniqueOptions,
  type UniqueResult,
  unique,
} from "./ops/functions/indexing/selection.ts";
export {
  broadcastTo,
  chunk,
  diag,
  diagonal,
  type MeshgridOptions,
  meshgrid,
  movedim,
  repeat,
  repeatInterleave,
  roll,
  split,
  tril,
  triu,
  unbind,
} from "./ops/functions/movement/arrange.ts";
export {
  cat,
  contiguous,
  expand,
  flatten,
  flip,
  narrow,
  type PadOptions,
  permute,
  reshape,
  select,
  squeeze,
  stack,
  transpose,
  unsqueeze,
} from "./ops/functions/movement/movement.ts";
export type { KeepDim, Operand, PairLike } from "./ops/functions/operands.ts";
export {
  elu,
  type GeluOptions,
  gelu,
  glu,
  hardSigmoid,
  hardtanh,
  leakyRelu,
  logSigmoid,
  mish,
  prelu,
  relu6,
  type SoftplusOptions,
  selu,
  silu,
  softplus,
  softsign,
} from "./ops/functions/pointwise/activation.ts";
export {
  isfinite,
  isinf,
  isnan,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  maskedFill,
} from "./ops/functions/pointwise/comparison.ts";
export {
  type ClampOptions,
  ceil,
  clamp,
  cos,
  erf,
  expm1,
  floor,
  lerp,
  log1p,
  log2,
  log10,
  reciprocal,
  remainder,
  round,
  rsqrt,
  sign,
  sin,
  square,
  tan,
  trunc,
} from "./ops/functions/pointwise/elementary.ts";
export {
  abs,
  add,
  div,
  eq,
  exp,
  ge,
  gt,
  le,
  log,
  lt,
  maximum,
  minimum,
  mul,
  ne,
  neg,
  pow,
  relu,
  sigmoid,
  sqrt,
  sub,
  tanh,
  where,
} from "./ops/functions/pointwise/pointwise.ts";
export { einsum } from "./ops/functions/products/einsum.ts";
export { matmul } from "./ops/functions/products/matmul.ts";
export { bmm, dot, mv, outer } from "./ops/functions/products/products.ts";
export {
  argsort,
  cumprod,
  cumsum,
  median,
  type SortOptions,
  sort,
  type TopkOptions,
  topk,
} from "./ops/functions/reduction/order.ts";
export {
  all,
  amax,
  amin,
  any,
  argmax,
  argmin,
  countNonzero,
  type MaxResult,
  max,
  mean,
  min,
  prod,
  sum,
} from "./ops/functions/reduction/reduction.ts";
export { logsumexp, norm, std, type VarianceOptions, variance } from "./ops/functions/reduction/statistics.ts";
export * as optim from "./optim/index.ts";
export { type AssertCloseOptions, assertClose } from "./tensor/assert-close.ts";
export {
  arange,
  eye,
  full,
  linspace,
  ones,
  type RandomOptions,
  rand,
  randint,
  randn,
  randperm,
  type TensorDataOptions,
  type TensorOptions,
  tensor,
  uniform,
  zeros,
} from "./tensor/creation.ts";
export type { NestedArray } from "./tensor/nested.ts";
export { Tensor } from "./tensor/tensor.ts";
export type { Forward, Loader, Loss, Outcome } from "./training/batch.ts";
export { TrainingError } from "./training/batch-log.ts";
export type { BatchRecord, Callback, EpochRecord, Run } from "./training/callback.ts";
export { EarlyStopping, type EarlyStoppingOptions } from "./training/early-stopping.ts";
export {
  type EvaluateOptions,
  evaluate,
  type PredictOptions,
  predict,
  type StopSignal,
} from "./training/evaluate.ts";
export { type BatchStep, type FitOptions, fit, type Stepper } from "./training/fit.ts";
export { History } from "./training/history.ts";
export { ModelCheckpoint, type ModelCheckpointOptions } from "./training/model-checkpoint.ts";
export type { MonitorOptions } from "./training/monitor.ts";
