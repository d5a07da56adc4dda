// `nn`: modules, layers, losses and `nn.functional`.

export * as functional from "./functional.ts";
export { Dropout, Flatten, ReLU, Sigmoid, Tanh } from "./layers/activation.ts";
export { Conv2d, type Conv2dOptions } from "./layers/convolution.ts";
export { Linear, type LinearOptions } from "./layers/linear.ts";
export { AvgPool2d, MaxPool2d } from "./layers/pooling.ts";
export { Sequential } from "./layers/sequential.ts";
export { CrossEntropyLoss, MSELoss } from "./losses.ts";
export { type KeyReport, type LoadOptions, Module, type StateDict, StateDictError } from "./module.ts";
export { Parameter } from "./parameter.ts";
export type { ModelSummary, SummaryRow } from "./summary.ts";
