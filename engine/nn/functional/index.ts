// `nn.functional`: layers and losses as plain functions. What has no parameters to learn, or is given them.

export type { CrossEntropyOptions, LossOptions, NllLossOptions } from "../../ops/functions/classification.ts";
export { crossEntropy, logSoftmax, nllLoss, softmax } from "../../ops/functions/classification.ts";
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
} from "../../ops/functions/image/image.ts";
export { oneHot } from "../../ops/functions/indexing/indexing.ts";
export { pad } from "../../ops/functions/movement/movement.ts";
export type { GeluOptions, SoftplusOptions } from "../../ops/functions/pointwise/activation.ts";
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
} from "../../ops/functions/pointwise/activation.ts";
export { relu, sigmoid, tanh } from "../../ops/functions/pointwise/pointwise.ts";
export {
  type AttentionMaskOptions,
  type AttentionOptions,
  attentionWeights,
  causalMask,
  scaledDotProductAttention,
} from "./attention.ts";
export { type DropoutOptions, dropout, dropout2d } from "./dropout.ts";
export { type EmbeddingOptions, embedding } from "./embedding.ts";
export { bilinear, linear } from "./linear.ts";
export {
  type BinaryCrossEntropyOptions,
  type BinaryCrossEntropyWithLogitsOptions,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  type CosineEmbeddingOptions,
  cosineEmbeddingLoss,
  cosineSimilarity,
  type HuberOptions,
  huberLoss,
  type KlDivOptions,
  klDiv,
  l1Loss,
  mseLoss,
  type SmoothL1Options,
  smoothL1Loss,
} from "./losses.ts";
export {
  type GaussianNeuronOptions,
  gaussianNeuron,
  type RampOptions,
  ramp,
  type SigmoidNeuronOptions,
  type StepOptions,
  sigmoidNeuron,
  step,
} from "./neuron.ts";
export {
  type BatchNormOptions,
  batchNorm,
  groupNorm,
  instanceNorm,
  type LocalResponseNormOptions,
  layerNorm,
  localResponseNorm,
  type NormOptions,
} from "./normalization.ts";
export { type GruOptions, gruCell, gruSequence } from "./recurrent/gru.ts";
export { lstmCell, lstmSequence } from "./recurrent/lstm.ts";
export { mguCell, mguSequence } from "./recurrent/mgu.ts";
export { type Nonlinearity, rnnCell, rnnSequence } from "./recurrent/rnn.ts";
export type { RecurrentWeights, SequenceOptions, SequenceResult } from "./recurrent/sequence.ts";
