// `optim.lrScheduler`: learning rates over time. PyTorch's `torch.optim.lr_scheduler`.

export { ChainedScheduler, SequentialLR, type SequentialLROptions } from "./composed.ts";
export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from "./cosine.ts";
export { CyclicLR, type CyclicLROptions } from "./cyclic.ts";
export {
  ConstantLR,
  type ConstantLROptions,
  ExponentialLR,
  type ExponentialLROptions,
  LinearLR,
  type LinearLROptions,
  MultiStepLR,
  type MultiStepLROptions,
  PolynomialLR,
  type PolynomialLROptions,
  StepLR,
  type StepLROptions,
} from "./decay.ts";
export { LambdaLR, type LambdaLROptions, type LrLambda, MultiplicativeLR } from "./lambda.ts";
export { OneCycleLR, type OneCycleLROptions } from "./one-cycle.ts";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./plateau.ts";
export {
  type Interval,
  LRScheduler,
  type Rule,
  type Schedulable,
  type ScheduledGroup,
  type Scheduler,
  type ScheduleState,
} from "./scheduler.ts";
