// Schedules that only go down, in steps or smoothly. Each rule is PyTorch's recursive form, so that a learning rate that is
// changed by hand, or by another schedule, stays changed; `at` is the closed form for jumps.

import { LRScheduler, requireCount, requirePositive, requireWithin, type Schedulable } from "./scheduler.ts";

export interface StepLROptions {
  /** Epochs between two drops. */
  readonly stepSize: number;
  /** Factor of each drop. Default: 0.1. */
  readonly gamma?: number;
}

/**
 * lr = lr₀·γ^⌊epoch/stepSize⌋. Throws ArgumentError when `stepSize` is no count.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.StepLR(optimizer, { stepSize: 2, gamma: 0.5 });
 * const rates = Array.from({ length: 5 }, () => {
 *   const [lr] = schedule.lastLr;
 *   schedule.step();
 *   return lr;
 * });
 * rates; // [0.8, 0.8, 0.4, 0.4, 0.2]
 */
export class StepLR extends LRScheduler {
  constructor(optimizer: Schedulable, { stepSize, gamma = 0.1 }: StepLROptions) {
    requireCount("StepLR", "stepSize", stepSize);
    super(optimizer, {
      next: (lr, epoch) => (epoch === 0 || epoch % stepSize !== 0 ? lr : lr * gamma),
      at: (epoch, base) => base * gamma ** Math.floor(epoch / stepSize),
    });
  }
}

export interface MultiStepLROptions {
  /** Epochs at which the rate drops; one that is named twice drops twice. */
  readonly milestones: readonly number[];
  /** Factor of each drop. Default: 0.1. */
  readonly gamma?: number;
}

/**
 * lr = lr₀·γ^(milestones reached).
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.MultiStepLR(optimizer, { milestones: [1, 3], gamma: 0.5 });
 * for (let epoch = 0; epoch < 3; epoch++) schedule.step();
 * schedule.lastLr; // [0.2]
 */
export class MultiStepLR extends LRScheduler {
  constructor(optimizer: Schedulable, { milestones, gamma = 0.1 }: MultiStepLROptions) {
    const drops = (epoch: number) => milestones.filter((milestone) => milestone === epoch).length;
    super(optimizer, {
      next: (lr, epoch) => lr * gamma ** drops(epoch),
      at: (epoch, base) => base * gamma ** milestones.filter((milestone) => milestone <= epoch).length,
    });
  }
}

export interface ExponentialLROptions {
  /** Factor of every epoch. */
  readonly gamma: number;
}

/**
 * lr = lr₀·γ^epoch.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.ExponentialLR(optimizer, { gamma: 0.5 });
 * schedule.step();
 * schedule.lastLr; // [0.4]
 */
export class ExponentialLR extends LRScheduler {
  constructor(optimizer: Schedulable, { gamma }: ExponentialLROptions) {
    super(optimizer, {
      next: (lr, epoch) => (epoch === 0 ? lr : lr * gamma),
      at: (epoch, base) => base * gamma ** epoch,
    });
  }
}

export interface PolynomialLROptions {
  /** Epochs until the rate is 0. Default: 5. */
  readonly totalIters?: number;
  /** 1 is a straight line. Default: 1. */
  readonly power?: number;
}

/**
 * lr = lr₀·(1 - epoch/totalIters)^power, 0 from then on. Throws ArgumentError when `totalIters` is no count.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.PolynomialLR(optimizer, { totalIters: 2, power: 2 });
 * schedule.step();
 * schedule.lastLr; // [0.2]
 */
export class PolynomialLR extends LRScheduler {
  constructor(optimizer: Schedulable, { totalIters = 5, power = 1 }: PolynomialLROptions = {}) {
    requireCount("PolynomialLR", "totalIters", totalIters);
    const left = (epoch: number) => 1 - epoch / totalIters;
    super(optimizer, {
      next: (lr, epoch) => (epoch === 0 || epoch > totalIters ? lr : lr * (left(epoch) / left(epoch - 1)) ** power),
      at: (epoch, base) => base * left(Math.min(totalIters, epoch)) ** power,
    });
  }
}

export interface ConstantLROptions {
  /** Factor until `totalIters`. Default: 1/3. */
  readonly factor?: number;
  /** Epochs with the factor. Default: 5. */
  readonly totalIters?: number;
}

/**
 * lr = lr₀·factor before epoch `totalIters`, lr₀ from then on. Throws ArgumentError when `factor` is not between 0 and 1.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.ConstantLR(optimizer, { factor: 0.5, totalIters: 2 });
 * schedule.lastLr; // [0.4]
 */
export class ConstantLR extends LRScheduler {
  constructor(optimizer: Schedulable, { factor = 1 / 3, totalIters = 5 }: ConstantLROptions = {}) {
    requirePositive("ConstantLR", "factor", factor, 1);
    super(optimizer, {
      next: (lr, epoch) => (epoch === 0 ? lr * factor : epoch === totalIters ? lr * (1 / factor) : lr),
      at: (epoch, base) => base * (factor + (epoch >= totalIters ? 1 - factor : 0)),
    });
  }
}

export interface LinearLROptions {
  /** Factor at epoch 0. Default: 1/3. */
  readonly startFactor?: number;
  /** Factor from epoch `totalIters` on. Default: 1. */
  readonly endFactor?: number;
  /** Epochs between the two. Default: 5. */
  readonly totalIters?: number;
}

/**
 * lr = lr₀·(start + (end - start)·min(epoch, totalIters)/totalIters): a warm-up. Throws ArgumentError when a factor is not
 * between 0 and 1 or `totalIters` is no count.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.LinearLR(optimizer, { startFactor: 0.5, totalIters: 4 });
 * schedule.step();
 * schedule.lastLr; // [0.5]
 */
export class LinearLR extends LRScheduler {
  constructor(optimizer: Schedulable, { startFactor = 1 / 3, endFactor = 1, totalIters = 5 }: LinearLROptions = {}) {
    requirePositive("LinearLR", "startFactor", startFactor, 1);
    requireWithin("LinearLR", "endFactor", endFactor, 0, 1);
    requireCount("LinearLR", "totalIters", totalIters);
    const rise = endFactor - startFactor;
    super(optimizer, {
      next: (lr, epoch) => {
        if (epoch === 0) return lr * startFactor;
        return epoch > totalIters ? lr : lr * (1 + rise / (totalIters * startFactor + (epoch - 1) * rise));
      },
      at: (epoch, base) => base * (startFactor + (rise * Math.min(totalIters, epoch)) / totalIters),
    });
  }
}
