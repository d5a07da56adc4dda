// Measures one workload with every contender: all are started and warmed up, then run in turns (ours, peer, ours, peer …),
// so that a drift of the machine hits all of them.

import { type Command, Contender, ContenderError } from "./contender.ts";
import type { Job } from "./spec.ts";
import { median, spread } from "./statistics.ts";

export interface Measured {
  readonly name: string;
  readonly version: string;
  /** Median over the runs, in milliseconds per step. */
  readonly ms: number;
  /** Between the quartiles, as a share of the median. */
  readonly spread: number;
  readonly peakBytes: number;
}

/** Why there is no number. */
export interface Unmeasured {
  readonly name: string;
  readonly reason: string;
}

export type Outcome = Measured | Unmeasured;

export const isMeasured = (outcome: Outcome | undefined): outcome is Measured =>
  outcome !== undefined && "ms" in outcome;

/** One outcome per command, in their order. */
export async function measure(commands: readonly Command[], job: Job, runs: number): Promise<readonly Outcome[]> {
  const started: (Contender | Unmeasured)[] = [];
  try {
    for (const command of commands) started.push(await orReason(command.name, Contender.start(command, job)));
    const times = started.map((): number[] => []);
    for (let round = 0; round < runs; round++) {
      for (const [i, contender] of started.entries()) {
        if (!(contender instanceof Contender)) continue;
        const ms = await orReason(contender.name, contender.run());
        if (typeof ms === "number") times[i]!.push(ms);
        else started[i] = ms;
      }
    }
    return await Promise.all(started.map((contender, i) => outcomeOf(contender, times[i]!)));
  } finally {
    for (const contender of started) if (contender instanceof Contender) contender[Symbol.dispose]();
  }
}

async function outcomeOf(contender: Contender | Unmeasured, times: readonly number[]): Promise<Outcome> {
  if (!(contender instanceof Contender)) return contender;
  const { name, version } = contender;
  const peakBytes = await orReason(name, contender.end());
  if (typeof peakBytes !== "number") return peakBytes;
  return { name, version, ms: median(times), spread: spread(times), peakBytes };
}

async function orReason<T>(name: string, result: Promise<T>): Promise<T | Unmeasured> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof ContenderError) return { name, reason: error.message };
    throw error;
  }
}
