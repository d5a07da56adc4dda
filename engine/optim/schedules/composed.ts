// Schedules made of schedules: one after the other, or all at once.

import { ArgumentError } from "../../core/errors.ts";
import type { Interval, LRScheduler, Schedulable, Scheduler, ScheduleState } from "./scheduler.ts";

/** Base of the two below: saves and loads its parts. */
abstract class ComposedScheduler<S extends Scheduler> implements Scheduler {
  readonly optimizer: Schedulable;
  readonly every: Interval;
  protected readonly schedulers: readonly S[];
  #lastLr: readonly number[] = [];
  protected epoch = 0;

  constructor(schedulers: readonly S[]) {
    const [first] = schedulers;
    if (first === undefined) throw new ArgumentError(new.target.name, "expected at least one schedule, got none");
    if (schedulers.some(({ optimizer }) => optimizer !== first.optimizer)) {
      throw new ArgumentError(new.target.name, "all schedules must belong to the same optimiser");
    }
    this.optimizer = first.optimizer;
    this.every = first.every;
    this.schedulers = schedulers;
    this.noteRates();
  }

  abstract step(): void;

  /** Number of steps since the start. */
  get lastEpoch(): number {
    return this.epoch;
  }

  /** Learning rate of each group, as of the last step. */
  get lastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** {@link lastLr} under PyTorch's name. */
  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** Where the schedules are; the learning rates are in the optimiser's state dict. */
  stateDict(): ScheduleState {
    const _schedulers = this.schedulers.map((scheduler) => scheduler.stateDict());
    return { last_epoch: this.epoch, _last_lr: [...this.#lastLr], _schedulers };
  }

  /** Goes on where `stateDict()` was taken. */
  loadStateDict(state: ScheduleState): void {
    const states = state._schedulers as readonly ScheduleState[] | undefined;
    if (states?.length !== this.schedulers.length) {
      const problem = `expected a state dict of ${this.schedulers.length} schedules, got ${states?.length ?? "none"}`;
      throw new ArgumentError(this.constructor.name, problem);
    }
    for (const [index, scheduler] of this.schedulers.entries()) scheduler.loadStateDict(states[index]!);
    this.epoch = state.last_epoch as number;
    this.#lastLr = [...(state._last_lr as readonly number[])];
  }

  protected noteRates(): void {
    this.#lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }
}

export interface SequentialLROptions {
  /** Each takes over from the one before. */
  readonly schedulers: readonly LRScheduler[];
  /** Epochs at which the next schedule takes over, one fewer than schedules. */
  readonly milestones: readonly number[];
}

/**
 * One schedule after the other: the next takes over, at its own epoch 0, at each milestone. Throws ArgumentError when
 * milestones and schedules do not match, or the schedules have different optimisers.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const { LinearLR, ExponentialLR, SequentialLR } = optim.lrScheduler;
 * const warmUp = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * const decay = new ExponentialLR(optimizer, { gamma: 0.5 });
 * const schedule = new SequentialLR(optimizer, { schedulers: [warmUp, decay], milestones: [2] });
 * const rates = Array.from({ length: 4 }, () => {
 *   const [lr] = schedule.lastLr;
 *   schedule.step();
 *   return lr.toFixed(1);
 * });
 * rates; // [0.4, 0.6, 0.8, 0.4]
 */
export class SequentialLR extends ComposedScheduler<LRScheduler> {
  readonly #milestones: readonly number[];

  constructor(optimizer: Schedulable, { schedulers, milestones }: SequentialLROptions) {
    super(schedulers);
    if (optimizer !== this.optimizer) {
      throw new ArgumentError("SequentialLR", "the schedules must belong to the optimiser that is given");
    }
    if (milestones.length !== schedulers.length - 1) {
      const expected = `${schedulers.length - 1} milestones for ${schedulers.length} schedules`;
      throw new ArgumentError("SequentialLR", `expected ${expected}, got ${milestones.length}`);
    }
    this.#milestones = milestones;
    // Each schedule has made its first step on the same groups when it was made: take them all back.
    for (const group of optimizer.paramGroups) group.lr = group.initialLr!;
    for (const scheduler of schedulers) scheduler.rewind();
    schedulers[0]!.step();
    this.noteRates();
  }

  /** Goes to the next epoch. */
  override step(): void {
    this.epoch++;
    const index = this.#milestones.filter((milestone) => milestone <= this.epoch).length;
    const isFirst = index > 0 && this.#milestones[index - 1] === this.epoch;
    this.schedulers[index]!.step(isFirst ? 0 : undefined);
    this.noteRates();
  }
}

/**
 * All schedules at once: each changes what the one before left. Throws ArgumentError when they have different optimisers.
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { lr: 0.8 });
 * const { ChainedScheduler, ConstantLR, ExponentialLR } = optim.lrScheduler;
 * const half = new ConstantLR(optimizer, { factor: 0.5, totalIters: 3 });
 * const schedule = new ChainedScheduler([half, new ExponentialLR(optimizer, { gamma: 0.5 })]);
 * schedule.step();
 * schedule.lastLr; // [0.2]
 */
export class ChainedScheduler extends ComposedScheduler<Scheduler> {
  /** Goes to the next epoch. */
  override step(): void {
    this.epoch++;
    for (const scheduler of this.schedulers) scheduler.step();
    this.noteRates();
  }
}
