// Runs what the planners of a family plan, and says how finely they shall cut.

import type { Runtime } from "../runtime.ts";
import type { Work } from "../work.ts";

export interface Worker {
  /** Runs the calls of a plan. */
  run(work: Work): void;
  /** Elements in a part, when one of `elements` costs as much as `cost` multiply-adds. */
  grain(elements: number, cost: number): number;
}

/** Names of kernels are those of one family. */
export function workerOf({ library, team }: Runtime, family: string): Worker {
  const kernels = library.family(family);
  return {
    run({ key, define, calls }) {
      if (calls.length > 0) team.run(kernels.get(key, define), calls);
    },
    grain: (elements, cost) => Math.ceil(elements / team.partsFor(elements * cost)),
  };
}

/** What an element costs where memory is the limit, and where a function is computed, in multiply-adds. */
export const cost = { memory: 16, function: 64 } as const;
