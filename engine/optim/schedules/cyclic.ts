// The triangular schedule: up and down between two learning rates, momentum the other way round.

import { ArgumentError } from "../../core/errors.ts";
import { LRScheduler, perGroup, requireMomentum, requirePositive, type Schedulable, setMomentum } from "./scheduler.ts";

export interface CyclicLROptions {
  /** The bottom, for all groups or for each. */
  readonly baseLr: number | readonly number[];
  /** The top. */
  readonly maxLr: number | readonly number[];
  /** Batches from bottom to top. Default: 2000. */
  readonly stepSizeUp?: number;
  /** Batches from top to bottom. Default: as many. */
  readonly stepSizeDown?: number;
  /** Tops stay, halve every cycle, or shrink by `gamma` every batch. Default: triangular. */
  readonly mode?: "triangular" | "triangular2" | "exp_range";
  /** For `exp_range`. Default: 1. */
  readonly gamma?: number;
  /** A scale of one's own for the height, instead of `mode`. */
  readonly scaleFn?: (position: number) => number;
  /** What `scaleFn` is given: the number of the cycle from 1, or of the batch from 0. Default: cycle. */
  readonly scaleMode?: "cycle" | "iterations";
  /** Default: true. */
  readonly cycleMomentum?: boolean;
  /** Default: 0.8. */
  readonly baseMomentum?: number | readonly number[];
  /** Default: 0.9. */
  readonly maxMomentum?: number | readonly number[];
}

/**
 * lr = base + (max - base)·h·scale with h from 0 to 1 and back; momentum falls while lr rises. Step it after every batch.
 * Throws ArgumentError for sizes that are not positive, an unknown mode, and `cycleMomentum` without momentum.
 *
 * L. Smith, Cyclical Learning Rates for Training Neural Networks, 2017, https://arxiv.org/abs/1506.01186
 *
 * @example
 * const optimizer = new optim.SGD([zeros([1])], { momentum: 0.9 });
 * const schedule = new optim.lrScheduler.CyclicLR(optimizer, { baseLr: 0.25, maxLr: 0.75, stepSizeUp: 2 });
 * schedule.step();
 * schedule.lastLr; // [0.5]
 */
export class CyclicLR extends LRScheduler {
  constructor(optimizer: Schedulable, options: CyclicLROptions) {
    const { stepSizeUp = 2000, stepSizeDown = stepSizeUp, cycleMomentum = true } = options;
    requirePositive("CyclicLR", "stepSizeUp", stepSizeUp);
    requirePositive("CyclicLR", "stepSizeDown", stepSizeDown);
    const listed = <T>(name: string, value: T | readonly T[]) => perGroup("CyclicLR", name, optimizer, value);
    const bases = listed("baseLr", options.baseLr);
    const tops = listed("maxLr", options.maxLr);
    const lows = listed("baseMomentum", options.baseMomentum ?? 0.8);
    const highs = listed("maxMomentum", options.maxMomentum ?? 0.9);
    if (cycleMomentum) requireMomentum("CyclicLR", optimizer);
    const scale = scaleOf(options);
    const total = stepSizeUp + stepSizeDown;
    const turn = stepSizeUp / total;
    const height = (step: number) => {
      const cycle = Math.floor(1 + step / total);
      const x = 1 + step / total - cycle;
      return (x <= turn ? x / turn : (x - 1) / (turn - 1)) * scale(cycle, step);
    };
    optimizer.paramGroups.forEach((group, index) => {
      group.lr = bases[index]!;
      if (cycleMomentum) setMomentum(group, lows[index]!);
    });
    super(
      optimizer,
      {
        next: (_lr, step, _base, group) => bases[group]! + (tops[group]! - bases[group]!) * height(step),
        ...(cycleMomentum && {
          momentum: (step: number, group: number) => highs[group]! - (highs[group]! - lows[group]!) * height(step),
        }),
      },
      "batch",
    );
  }
}

function scaleOf({
  mode = "triangular",
  gamma = 1,
  scaleFn,
  scaleMode = "cycle",
}: CyclicLROptions): (cycle: number, step: number) => number {
  if (scaleFn !== undefined) return (cycle, step) => scaleFn(scaleMode === "cycle" ? cycle : step);
  if (mode === "triangular") return () => 1;
  if (mode === "triangular2") return (cycle) => 1 / 2 ** (cycle - 1);
  if (mode === "exp_range") return (_, step) => gamma ** step;
  throw new ArgumentError("CyclicLR", `mode must be triangular, triangular2 or exp_range, got ${String(mode)}`);
}
