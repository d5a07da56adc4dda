// The schedule that looks at how training goes: the learning rate drops when a value has stopped getting better.

import { ArgumentError } from "../../core/errors.ts";
import { perGroup, requireWithin, type Schedulable, type ScheduleState } from "./scheduler.ts";

export interface ReduceLROnPlateauOptions {
  /** Whether smaller or larger values are better. Default: min. */
  readonly mode?: "min" | "max";
  /** Factor of each drop, below 1. Default: 0.1. */
  readonly factor?: number;
  /** Epochs without progress that are put up with. Default: 10. */
  readonly patience?: number;
  /** Progress below this does not count. Default: 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best value or a difference. Default: rel. */
  readonly thresholdMode?: "rel" | "abs";
  /** Epochs after a drop in which nothing is counted. Default: 0. */
  readonly cooldown?: number;
  /** The rate never falls below it, for all groups or for each. Default: 0. */
  readonly minLr?: number | readonly number[];
  /** Drops by less are left out. Default: 1e-8. */
  readonly eps?: number;
}

/**
 * lr ← lr·factor when the value that `step` is given has not improved for more than `patience` epochs. Throws ArgumentError
 * for options out of range.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const schedule = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { factor: 0.5, patience: 1 });
 * for (const loss of [1, 1, 1]) schedule.step(loss);
 * schedule.lastLr; // [0.4]
 */
export class ReduceLROnPlateau {
  readonly optimizer: Schedulable;
  readonly every = "epoch";
  readonly #options: Required<Omit<ReduceLROnPlateauOptions, "minLr">>;
  readonly #minLrs: readonly number[];
  #best: number;
  #badEpochs = 0;
  #cooldownLeft = 0;
  #lastEpoch = 0;
  #lastLr: readonly number[];

  constructor(optimizer: Schedulable, options: ReduceLROnPlateauOptions = {}) {
    const { mode = "min", factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = "rel" } = options;
    const { cooldown = 0, minLr = 0, eps = 1e-8 } = options;
    if (!(factor < 1)) throw new ArgumentError("ReduceLROnPlateau", `factor must be below 1, got ${factor}`);
    requireOneOf("mode", mode, ["min", "max"]);
    requireOneOf("thresholdMode", thresholdMode, ["rel", "abs"]);
    requireWithin("ReduceLROnPlateau", "patience", patience, 0, Infinity);
    this.optimizer = optimizer;
    this.#options = { mode, factor, patience, threshold, thresholdMode, cooldown, eps };
    this.#minLrs = perGroup("ReduceLROnPlateau", "minLr", optimizer, minLr);
    this.#best = mode === "min" ? Infinity : -Infinity;
    this.#lastLr = optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Number of values so far. */
  get lastEpoch(): number {
    return this.#lastEpoch;
  }

  /** Learning rate of each group, as of the last step. */
  get lastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** {@link lastLr} under PyTorch's name. */
  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** Reports the value of an epoch, for example the loss on the validation set. */
  step(value: number): void {
    if (typeof value !== "number") {
      const hint = "Read it first: schedule.step(await loss.item()).";
      throw new ArgumentError("ReduceLROnPlateau", `step needs a number, got ${typeof value}`, hint);
    }
    this.#lastEpoch++;
    if (this.#isBetter(value)) {
      this.#best = value;
      this.#badEpochs = 0;
    } else this.#badEpochs++;
    if (this.#cooldownLeft > 0) {
      this.#cooldownLeft--;
      this.#badEpochs = 0;
    }
    if (this.#badEpochs > this.#options.patience) {
      this.#reduce();
      this.#cooldownLeft = this.#options.cooldown;
      this.#badEpochs = 0;
    }
    this.#lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Where the schedule is; the learning rates are in the optimiser's state dict. */
  stateDict(): ScheduleState {
    return {
      best: this.#best,
      num_bad_epochs: this.#badEpochs,
      cooldown_counter: this.#cooldownLeft,
      last_epoch: this.#lastEpoch,
      _last_lr: [...this.#lastLr],
    };
  }

  /** Goes on where `stateDict()` was taken. Options are not saved: make the schedule with the same ones. */
  loadStateDict(state: ScheduleState): void {
    this.#best = state.best as number;
    this.#badEpochs = state.num_bad_epochs as number;
    this.#cooldownLeft = state.cooldown_counter as number;
    this.#lastEpoch = state.last_epoch as number;
    this.#lastLr = [...(state._last_lr as readonly number[])];
  }

  #isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.#options;
    const best = this.#best;
    if (thresholdMode === "rel")
      return mode === "min" ? value < best * (1 - threshold) : value > best * (1 + threshold);
    return mode === "min" ? value < best - threshold : value > best + threshold;
  }

  #reduce(): void {
    this.optimizer.paramGroups.forEach((group, index) => {
      const lower = Math.max(group.lr * this.#options.factor, this.#minLrs[index]!);
      if (group.lr - lower > this.#options.eps) group.lr = lower;
    });
  }
}

function requireOneOf(name: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new ArgumentError("ReduceLROnPlateau", `${name} must be ${allowed.join(" or ")}, got ${value}`);
}
