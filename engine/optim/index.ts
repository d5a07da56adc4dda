// `optim`: the optimisers, clipping of gradients, and `optim.lrScheduler`, the schedules of learning rates.

export { Adadelta, type AdadeltaOptions } from "./adadelta.ts";
export { Adagrad, type AdagradOptions } from "./adagrad.ts";
export { Adam, type AdamOptions, AdamW, type AdamWOptions } from "./adam.ts";
export { Adamax, type AdamaxOptions } from "./adamax.ts";
export { type ClipGradNormOptions, clipGradNorm, clipGradValue } from "./clip-grad.ts";
export { NAdam, type NAdamOptions } from "./nadam.ts";
export {
  Optimizer,
  type ParametersOf,
  type ParamGroup,
  type ParamGroupOptions,
  type RuleOptions,
} from "./optimizer.ts";
export type { OptimizerStateDict, SavedGroup } from "./optimizer-state.ts";
export { RAdam, type RAdamOptions } from "./radam.ts";
export { RMSprop, type RMSpropOptions } from "./rmsprop.ts";
export * as lrScheduler from "./schedules/index.ts";
export { SGD, type SGDOptions } from "./sgd.ts";
