// The one-cycle schedule: up, then far down, over the whole training; momentum the other way round.

import { ArgumentError } from "../../core/errors.ts";
import { LRScheduler, perGroup, requireCount, requireMomentum, requireWithin, type Schedulable } from "./scheduler.ts";

export interface OneCycleLROptions {
  /** The top, for all groups or for each. */
  readonly maxLr: number | readonly number[];
  /** Batches of the whole training; or give `epochs` and `stepsPerEpoch`. */
  readonly totalSteps?: number;
  /** Instead of `totalSteps`, with `stepsPerEpoch`. */
  readonly epochs?: number;
  /** `loader.length` */
  readonly stepsPerEpoch?: number;
  /** Share of the steps that rise. Default: 0.3. */
  readonly pctStart?: number;
  /** Along half a cosine, or straight. Default: cos. */
  readonly annealStrategy?: "cos" | "linear";
  /** Default: true. */
  readonly cycleMomentum?: boolean;
  /** Momentum at the top. Default: 0.85. */
  readonly baseMomentum?: number | readonly number[];
  /** Momentum at both ends. Default: 0.95. */
  readonly maxMomentum?: number | readonly number[];
  /** Start at maxLr/divFactor. Default: 25. */
  readonly divFactor?: number;
  /** End at the start's rate/finalDivFactor. Default: 1e4. */
  readonly finalDivFactor?: number;
  /** Come down as long as up, and vanish in a third phase. Default: false. */
  readonly threePhase?: boolean;
}

type Corner = "start" | "top" | "end";

interface Phase {
  readonly until: number;
  readonly from: Corner;
  readonly to: Corner;
}

/**
 * From maxLr/divFactor up to maxLr in the first `pctStart` of the steps, then down to maxLr/divFactor/finalDivFactor. Step
 * it after every batch. Throws ArgumentError for options out of range, without a number of steps, past the last step, and
 * for `cycleMomentum` without momentum.
 *
 * L. Smith, N. Topin, Super-Convergence, 2018, https://arxiv.org/abs/1708.07120
 *
 * @example
 * const optimizer = new optim.Adam([zeros([1])]);
 * const schedule = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 1, totalSteps: 10 });
 * schedule.lastLr[0].toFixed(6); // 0.040000
 * schedule.step();
 * schedule.step();
 * [schedule.lastLr[0], optimizer.paramGroups[0].betas[0]]; // [1, 0.85]
 */
export class OneCycleLR extends LRScheduler {
  constructor(optimizer: Schedulable, options: OneCycleLROptions) {
    const { pctStart = 0.3, annealStrategy = "cos", cycleMomentum = true, threePhase = false } = options;
    const { divFactor = 25, finalDivFactor = 1e4 } = options;
    const total = totalOf(options);
    requireWithin("OneCycleLR", "pctStart", pctStart, 0, 1);
    const anneal = annealOf(annealStrategy);
    const listed = <T>(name: string, value: T | readonly T[]) => perGroup("OneCycleLR", name, optimizer, value);
    const tops = listed("maxLr", options.maxLr);
    const lows = listed("baseMomentum", options.baseMomentum ?? 0.85);
    const highs = listed("maxMomentum", options.maxMomentum ?? 0.95);
    if (cycleMomentum) requireMomentum("OneCycleLR", optimizer);
    const phases = phasesOf(total, pctStart, threePhase);
    const rates = tops.map((top) => ({
      start: top / divFactor,
      top,
      end: top / divFactor / finalDivFactor,
    }));
    optimizer.paramGroups.forEach((group, index) => {
      group.initialLr = rates[index]!.start;
    });
    const between = (step: number, corners: Readonly<Record<Corner, number>>) => {
      const { from, to, done } = phaseAt(phases, step);
      return anneal(corners[from], corners[to], done);
    };
    super(
      optimizer,
      {
        next: (_lr, step, _base, group) => {
          if (step <= total) return between(step, rates[group]!);
          throw new ArgumentError(
            "OneCycleLR",
            `step ${step + 1} of ${total}`,
            "Give the batches of the whole training: epochs · loader.length.",
          );
        },
        ...(cycleMomentum && {
          momentum: (step: number, group: number) =>
            between(step, { start: highs[group]!, top: lows[group]!, end: highs[group]! }),
        }),
      },
      "batch",
    );
  }
}

function totalOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions): number {
  if (totalSteps !== undefined) {
    requireCount("OneCycleLR", "totalSteps", totalSteps);
    return totalSteps;
  }
  if (epochs === undefined || stepsPerEpoch === undefined) {
    throw new ArgumentError("OneCycleLR", "expected totalSteps, or epochs and stepsPerEpoch, got neither");
  }
  requireCount("OneCycleLR", "epochs", epochs);
  requireCount("OneCycleLR", "stepsPerEpoch", stepsPerEpoch);
  return epochs * stepsPerEpoch;
}

function annealOf(strategy: string): (from: number, to: number, done: number) => number {
  if (strategy === "cos") return (from, to, done) => to + ((from - to) / 2) * (Math.cos(Math.PI * done) + 1);
  if (strategy === "linear") return (from, to, done) => (to - from) * done + from;
  throw new ArgumentError("OneCycleLR", `annealStrategy must be cos or linear, got ${strategy}`);
}

function phasesOf(total: number, rising: number, threePhase: boolean): readonly Phase[] {
  const up: Phase = { until: rising * total - 1, from: "start", to: "top" };
  if (!threePhase) return [up, { until: total - 1, from: "top", to: "end" }];
  return [
    up,
    { until: 2 * rising * total - 2, from: "top", to: "start" },
    { until: total - 1, from: "start", to: "end" },
  ];
}

/** The phase that `step` lies in, and the share of it that is done. */
function phaseAt(phases: readonly Phase[], step: number): Phase & { readonly done: number } {
  const found = phases.findIndex(({ until }) => step <= until);
  const index = found < 0 ? phases.length - 1 : found;
  const phase = phases[index]!;
  const begin = index === 0 ? 0 : phases[index - 1]!.until;
  return { ...phase, done: (step - begin) / (phase.until - begin) };
}
