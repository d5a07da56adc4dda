// From measurements to results: ratios to peers and shares of the ceiling. The ceiling is a result like a peer's: the time
// that the inner products alone would take at its speed, on all threads.

import { GIGA_FLOPS } from "./ceiling/inner-product.ts";
import type { PeerName } from "./contenders.ts";
import type { KernelName } from "./kernels/contenders.ts";
import { isMeasured, type Outcome } from "./measure.ts";

/** What `--json` writes, in this order. */
export interface Result {
  readonly workload: string;
  readonly peer: PeerName | KernelName | "ceiling";
  /** Milliseconds per step, medians; null where it could not be measured. */
  readonly oursMs: number | null;
  readonly peerMs: number | null;
  /** Ours through the peer's: less than 1 where ours is faster. */
  readonly ratio: number | null;
  /** Of ours; null for workloads without inner products. */
  readonly ceilingShare: number | null;
}

export interface Facts {
  readonly workload: string;
  readonly flops: number | undefined;
  readonly threads: number;
}

const msOf = (outcome: Outcome | undefined): number | null => (isMeasured(outcome) ? outcome.ms : null);
const quotient = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a / b);

/** Operations per second of one core, in billions. */
export const gigaFlops = (ceiling: Outcome | undefined): number | null => quotient(1000 * GIGA_FLOPS, msOf(ceiling));

/** One result for each peer that was asked, and one for the ceiling. */
export function resultsOf({ workload, flops, threads }: Facts, outcomes: readonly Outcome[]): readonly Result[] {
  const named = new Map(outcomes.map((outcome) => [outcome.name, outcome]));
  const oursMs = msOf(named.get("ours"));
  const speed = gigaFlops(named.get("ceiling"));
  const leastMs = flops === undefined || speed === null ? null : flops / (speed * 1e6 * threads);
  const ceilingShare = quotient(leastMs, oursMs);
  return outcomes
    .filter(({ name }) => name !== "ours")
    .map((outcome) => {
      const peerMs = outcome.name === "ceiling" ? leastMs : msOf(outcome);
      const peer = outcome.name as Result["peer"];
      return { workload, peer, oursMs, peerMs, ratio: quotient(oursMs, peerMs), ceilingShare };
    });
}
