// `nn`: modules, layers, losses and `nn.functional`.

export { Buffer } from "./buffer.ts";
export * as functional from "./functional/index.ts";
export type { ForwardHook, ForwardPreHook, HookHandle } from "./hooks.ts";
export { Dropout, Flatten, ReLU, Sigmoid, Tanh } from "./layers/activation.ts";
export { ModuleDict, ModuleList } from "./layers/containers.ts";
export { Conv2d, type Conv2dOptions } from "./layers/convolution.ts";
export { Linear, type LinearOptions } from "./layers/linear.ts";
export { AvgPool2d, MaxPool2d } from "./layers/pooling.ts";
export { Sequential } from "./layers/sequential.ts";
export { CrossEntropyLoss, MSELoss } from "./losses.ts";
export { type AnyModule, Module } from "./module.ts";
export { Parameter } from "./parameter.ts";
export { type KeyReport, type LoadOptions, type StateDict, StateDictError } from "./state-dict.ts";
export type { ModelSummary, SummaryOptions, SummaryRow } from "./summary.ts";
