// `nn`: modules, layers, losses, first weights (`nn.init`) and `nn.functional`.

export { Buffer } from "./buffer.ts";
export * as functional from "./functional/index.ts";
export type { ForwardHook, ForwardPreHook, HookHandle } from "./hooks.ts";
export * as init from "./init/index.ts";
export {
  ELU,
  GELU,
  GLU,
  Hardsigmoid,
  Hardtanh,
  Identity,
  LeakyReLU,
  LogSigmoid,
  LogSoftmax,
  Mish,
  PReLU,
  type PReluOptions,
  ReLU,
  ReLU6,
  SELU,
  Sigmoid,
  SiLU,
  Softmax,
  Softplus,
  Softsign,
  Tanh,
} from "./layers/activation.ts";
export { type AttendOptions, MultiheadAttention, type MultiheadAttentionOptions } from "./layers/attention.ts";
export { ModuleDict, ModuleList } from "./layers/containers.ts";
export { Conv1d, type Conv1dOptions, Conv2d, type Conv2dOptions, type PaddingMode } from "./layers/convolution.ts";
export { Dropout, Dropout2d } from "./layers/dropout.ts";
export { Embedding } from "./layers/embedding.ts";
export { Bilinear, Linear, type LinearOptions } from "./layers/linear.ts";
export {
  BatchNorm1d,
  BatchNorm2d,
  type BatchNormLayerOptions,
  GroupNorm,
  type GroupNormOptions,
  InstanceNorm1d,
  InstanceNorm2d,
  LayerNorm,
  type LayerNormOptions,
  LocalResponseNorm,
} from "./layers/normalization.ts";
export {
  AdaptiveAvgPool1d,
  AdaptiveAvgPool2d,
  AdaptiveMaxPool1d,
  AdaptiveMaxPool2d,
  AvgPool1d,
  type AvgPool1dOptions,
  AvgPool2d,
  MaxPool1d,
  type MaxPool1dOptions,
  MaxPool2d,
  type MaxPool2dOptions,
  Upsample,
} from "./layers/pooling.ts";
export {
  type CellOptions,
  type GatedCellOptions,
  GRUCell,
  type GruCellOptions,
  LSTMCell,
  MGUCell,
  RNNCell,
  type RnnCellOptions,
} from "./layers/recurrent/cells.ts";
export { GRU, type GruOptions } from "./layers/recurrent/gru.ts";
export { LSTM, type LstmState } from "./layers/recurrent/lstm.ts";
export { MGU } from "./layers/recurrent/mgu.ts";
export type { GatedOptions, RecurrentOptions } from "./layers/recurrent/recurrent-layer.ts";
export { RNN, type RnnOptions } from "./layers/recurrent/rnn.ts";
export { Sequential } from "./layers/sequential.ts";
export { Flatten, Unflatten } from "./layers/shape.ts";
export {
  type EncodeOptions,
  PositionalEncoding,
  type PositionalEncodingOptions,
  TransformerEncoder,
  TransformerEncoderLayer,
  type TransformerEncoderLayerOptions,
  type TransformerEncoderOptions,
} from "./layers/transformer.ts";
export {
  ConvTranspose1d,
  type ConvTranspose1dOptions,
  ConvTranspose2d,
  type ConvTranspose2dOptions,
} from "./layers/transposed-convolution.ts";
export {
  BCELoss,
  BCEWithLogitsLoss,
  CosineEmbeddingLoss,
  CrossEntropyLoss,
  HuberLoss,
  KLDivLoss,
  L1Loss,
  MSELoss,
  NLLLoss,
  SmoothL1Loss,
} from "./losses.ts";
export { type AnyModule, Module } from "./module.ts";
export { Parameter } from "./parameter.ts";
export { type KeyReport, type LoadOptions, type StateDict, StateDictError } from "./state-dict.ts";
export type { ModelSummary, SummaryOptions, SummaryRow } from "./summary.ts";
