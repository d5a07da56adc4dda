// Schedules by a function of one's own.

import { LRScheduler, perGroup, type Schedulable } from "./scheduler.ts";

/** A factor by epoch. */
export type LrLambda = (epoch: number) => number;

export interface LambdaLROptions {
  /** One function for all groups, or one for each. */
  readonly lrLambda: LrLambda | readonly LrLambda[];
}

/**
 * lr = lr₀·lrLambda(epoch). Throws ArgumentError when there is not one function for each group.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.LambdaLR(optimizer, { lrLambda: (epoch) => 1 / (1 + epoch) });
 * schedule.step();
 * schedule.lastLr; // [0.4]
 */
export class LambdaLR extends LRScheduler {
  constructor(optimizer: Schedulable, { lrLambda }: LambdaLROptions) {
    const factors = perGroup("LambdaLR", "lrLambda", optimizer, lrLambda);
    super(optimizer, { next: (_, epoch, base, group) => base * factors[group]!(epoch) });
  }
}

/**
 * lr ← lr·lrLambda(epoch), every epoch but the first. Throws ArgumentError when there is not one function for each group.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.MultiplicativeLR(optimizer, { lrLambda: () => 0.5 });
 * schedule.step();
 * schedule.lastLr; // [0.4]
 */
export class MultiplicativeLR extends LRScheduler {
  constructor(optimizer: Schedulable, { lrLambda }: LambdaLROptions) {
    const factors = perGroup("MultiplicativeLR", "lrLambda", optimizer, lrLambda);
    super(optimizer, { next: (lr, epoch, _, group) => (epoch > 0 ? lr * factors[group]!(epoch) : lr) });
  }
}
