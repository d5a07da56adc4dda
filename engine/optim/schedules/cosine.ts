// Schedules along half a cosine: down once (and up again), or down and back to the start.
//
// I. Loshchilov, F. Hutter, SGDR: Stochastic Gradient Descent with Warm Restarts, 2017, https://arxiv.org/abs/1608.03983

import { LRScheduler, requireCount, requireWithin, type Schedulable } from "./scheduler.ts";

export interface CosineAnnealingLROptions {
  /** Epochs from the top to the bottom. */
  readonly tMax: number;
  /** The bottom. Default: 0. */
  readonly etaMin?: number;
}

/**
 * lr = ηₘᵢₙ + ½(lr₀ - ηₘᵢₙ)(1 + cos(π·epoch/tMax)); it rises again after `tMax`. Throws ArgumentError when `tMax` is no count.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.CosineAnnealingLR(optimizer, { tMax: 10 });
 * for (let epoch = 0; epoch < 5; epoch++) schedule.step();
 * schedule.lastLr[0].toFixed(6); // 0.400000
 */
export class CosineAnnealingLR extends LRScheduler {
  constructor(optimizer: Schedulable, { tMax, etaMin = 0 }: CosineAnnealingLROptions) {
    requireCount("CosineAnnealingLR", "tMax", tMax);
    const height = (epoch: number) => 1 + Math.cos((Math.PI * epoch) / tMax);
    super(optimizer, {
      next: (lr, epoch, base) => {
        if (epoch === 0) return lr;
        // One epoch after the bottom the quotient below is 0/0.
        if ((epoch - 1 - tMax) % (2 * tMax) === 0) {
          return lr + ((base - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
        }
        return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin;
      },
      at: (epoch, base) => etaMin + ((base - etaMin) * height(epoch)) / 2,
    });
  }
}

export interface CosineAnnealingWarmRestartsOptions {
  /** Epochs until the first restart. */
  readonly t0: number;
  /** Every cycle is this many times as long as the one before; whole. Default: 1. */
  readonly tMult?: number;
  /** The bottom. Default: 0. */
  readonly etaMin?: number;
}

/**
 * lr = ηₘᵢₙ + ½(lr₀ - ηₘᵢₙ)(1 + cos(π·t/T)), t epochs into a cycle of length T. `step(epoch + batch / batches)` sets it
 * within an epoch. Throws ArgumentError when `t0` or `tMult` is no count, or an epoch is negative.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.CosineAnnealingWarmRestarts(optimizer, { t0: 2 });
 * schedule.step();
 * schedule.lastLr[0].toFixed(6); // 0.400000
 * schedule.step();
 * schedule.lastLr; // [0.8]
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  constructor(optimizer: Schedulable, { t0, tMult = 1, etaMin = 0 }: CosineAnnealingWarmRestartsOptions) {
    requireCount("CosineAnnealingWarmRestarts", "t0", t0);
    requireCount("CosineAnnealingWarmRestarts", "tMult", tMult);
    const state = { T_cur: -1, T_i: t0 };
    super(optimizer, {
      state,
      move: (epoch, last) => {
        if (epoch === undefined && last >= 0) {
          state.T_cur++;
          if (state.T_cur >= state.T_i) {
            state.T_cur -= state.T_i;
            state.T_i *= tMult;
          }
          return last + 1;
        }
        const to = epoch ?? 0;
        requireWithin("CosineAnnealingWarmRestarts", "epoch", to, 0, Infinity);
        Object.assign(state, cycleAt(to, t0, tMult));
        return Math.floor(to);
      },
      next: (_lr, _epoch, base) => etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * state.T_cur) / state.T_i))) / 2,
    });
  }
}

/** How far `epoch` is in its cycle, and the cycle's length. */
function cycleAt(epoch: number, t0: number, tMult: number): { T_cur: number; T_i: number } {
  if (epoch < t0) return { T_cur: epoch, T_i: t0 };
  if (tMult === 1) return { T_cur: epoch % t0, T_i: t0 };
  const cycle = Math.floor(Math.log((epoch / t0) * (tMult - 1) + 1) / Math.log(tMult));
  return { T_cur: epoch - (t0 * (tMult ** cycle - 1)) / (tMult - 1), T_i: t0 * tMult ** cycle };
}
