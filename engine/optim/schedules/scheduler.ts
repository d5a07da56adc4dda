// Base of the schedules: steps through epochs, gives every parameter group its learning rate, remembers where it is. Knows
// groups only as objects with an `lr`: no tensors. The formula is the subclass's rule.

import { ArgumentError } from "../../core/errors.ts";

/** What a schedule changes in a parameter group. */
export interface ScheduledGroup {
  lr: number;
  initialLr?: number;
  momentum?: number;
  betas?: readonly [number, number];
}

/** An optimiser, as schedules see it. */
export interface Schedulable {
  readonly paramGroups: readonly ScheduledGroup[];
}

/** How often `step()` is meant to be called. */
export type Interval = "epoch" | "batch";

/** PyTorch's names: `last_epoch`, `_last_lr`, `base_lrs` … Plain numbers and lists, ready for JSON. */
export type ScheduleState = Readonly<Record<string, unknown>>;

/** What all schedules have in common, composed ones too. */
export interface Scheduler {
  readonly optimizer: Schedulable;
  readonly every: Interval;
  readonly lastEpoch: number;
  /** Learning rate of each group. */
  readonly lastLr: readonly number[];
  step(): void;
  stateDict(): ScheduleState;
  loadStateDict(state: ScheduleState): void;
}

/** The formula of a schedule, for one group at a time. */
export interface Rule {
  /** The learning rate at `epoch`, given that of the epoch before and that of the start. */
  next(lr: number, epoch: number, base: number, group: number): number;
  /** The same without the one before, for jumps; without it, `next` is used. */
  at?(epoch: number, base: number, group: number): number;
  /** Momentum at `epoch`, of schedules that cycle it. */
  momentum?(epoch: number, group: number): number;
  /** The epoch to go to, for schedules with a position of their own; `epoch` is undefined for the next. */
  move?(epoch: number | undefined, last: number): number;
  /** What `move` remembers, under PyTorch's names. */
  readonly state?: Record<string, number>;
}

/**
 * Base of the schedules of learning rates, for one of your own too: give it a {@link Rule}. For a factor by epoch, LambdaLR
 * is shorter.
 *
 * @example
 * class Halving extends optim.lrScheduler.LRScheduler {
 *   constructor(optimizer) {
 *     super(optimizer, { next: (lr, epoch) => (epoch === 0 ? lr : lr / 2) });
 *   }
 * }
 * const schedule = new Halving(new optim.SGD([zeros([1])], { lr: 0.8 }));
 * schedule.step();
 * schedule.lastLr; // [0.4]
 */
export abstract class LRScheduler implements Scheduler {
  readonly optimizer: Schedulable;
  readonly every: Interval;
  readonly #rule: Rule;
  #baseLrs: readonly number[];
  #lastLr: readonly number[] = [];
  #lastEpoch = -1;

  /** Sets the learning rates of epoch 0. */
  constructor(optimizer: Schedulable, rule: Rule, every: Interval = "epoch") {
    this.optimizer = optimizer;
    this.every = every;
    this.#rule = rule;
    this.#baseLrs = optimizer.paramGroups.map((group) => {
      group.initialLr ??= group.lr;
      return group.initialLr;
    });
    this.step();
  }

  /** Number of steps since the start. */
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

  /** Goes to the next epoch, or straight to `epoch`. Call it after the optimiser's steps of an epoch (or batch). */
  step(epoch?: number): void {
    const rule = this.#rule;
    this.#lastEpoch = rule.move?.(epoch, this.#lastEpoch) ?? epoch ?? this.#lastEpoch + 1;
    const now = this.#lastEpoch;
    const jump = epoch !== undefined && rule.at !== undefined;
    const rates = this.optimizer.paramGroups.map(({ lr }, index) => {
      const base = this.#baseLrs[index]!;
      return jump ? rule.at!(now, base, index) : rule.next(lr, now, base, index);
    });
    this.optimizer.paramGroups.forEach((group, index) => {
      group.lr = rates[index]!;
      if (rule.momentum !== undefined) setMomentum(group, rule.momentum(now, index));
    });
    this.#lastLr = rates;
  }

  /** Starts again at epoch 0 from the groups' present learning rates. For schedules made of schedules. */
  restart(): void {
    this.rewind();
    this.step();
  }

  /** Forgets all steps, also that to epoch 0. */
  rewind(): void {
    this.#lastEpoch = -1;
  }

  /** Where the schedule is. The learning rates themselves are in the optimiser's state dict; load both. */
  stateDict(): ScheduleState {
    return {
      ...this.#rule.state,
      base_lrs: [...this.#baseLrs],
      last_epoch: this.#lastEpoch,
      _step_count: this.#lastEpoch + 1,
      _last_lr: [...this.#lastLr],
    };
  }

  /** Goes on where `stateDict()` was taken. Options are not saved: make the schedule with the same ones. */
  loadStateDict(state: ScheduleState): void {
    const { base_lrs: bases, last_epoch: epoch, _last_lr: rates } = state;
    const groups = this.optimizer.paramGroups.length;
    if (!isList(bases, groups) || !isList(rates, groups) || typeof epoch !== "number") {
      const expected = `base_lrs and _last_lr of ${groups} groups and last_epoch`;
      throw new ArgumentError(
        this.constructor.name,
        `expected a state dict with ${expected}, got ${JSON.stringify(state)}`,
      );
    }
    this.#baseLrs = [...bases];
    this.#lastLr = [...rates];
    this.#lastEpoch = epoch;
    for (const name of Object.keys(this.#rule.state ?? {})) this.#rule.state![name] = state[name] as number;
  }
}

/** Momentum, or the first of Adam's betas. */
export function setMomentum(group: ScheduledGroup, value: number): void {
  if (group.betas === undefined) group.momentum = value;
  else group.betas = [value, group.betas[1]];
}

/** Throws ArgumentError unless every group has a momentum or betas. */
export function requireMomentum(schedule: string, { paramGroups }: Schedulable): void {
  if (paramGroups.every(({ momentum, betas }) => momentum !== undefined || betas !== undefined)) return;
  throw new ArgumentError(
    schedule,
    "cycleMomentum needs an optimiser with momentum or betas",
    "Use cycleMomentum: false, or SGD with a momentum, or Adam.",
  );
}

/** One value for each group: the same for all, or a list. */
export function perGroup<T>(
  schedule: string,
  name: string,
  { paramGroups }: Schedulable,
  value: T | readonly T[],
): readonly T[] {
  if (!Array.isArray(value)) return paramGroups.map(() => value as T);
  if (value.length === paramGroups.length) return value as readonly T[];
  throw new ArgumentError(schedule, `${name} must have ${paramGroups.length} values, one a group, got ${value.length}`);
}

/** Throws ArgumentError unless `value` is whole and at least 1. */
export function requireCount(schedule: string, name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new ArgumentError(schedule, `${name} must be whole and at least 1, got ${value}`);
}

/** Throws ArgumentError unless 0 < value ≤ high. */
export function requirePositive(schedule: string, name: string, value: number, high = Infinity): void {
  if (value > 0 && value <= high) return;
  const expected = high === Infinity ? "above 0" : `above 0 and at most ${high}`;
  throw new ArgumentError(schedule, `${name} must be ${expected}, got ${value}`);
}

/** Throws ArgumentError unless low ≤ value ≤ high. */
export function requireWithin(schedule: string, name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  const expected = high === Infinity ? `at least ${low}` : `between ${low} and ${high}`;
  throw new ArgumentError(schedule, `${name} must be ${expected}, got ${value}`);
}

function isList(value: unknown, length: number): value is readonly number[] {
  return Array.isArray(value) && value.length === length;
}
