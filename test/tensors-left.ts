// How tests count what stays in memory. memory() is exact but for what V8 itself still holds: temporaries of running
// functions, and what it built into the code of functions that ran often. Both come and go as V8 pleases, some tens at most.

import { memory } from "../engine/index.ts";

const RUNS = 200;

/** How many storages one run leaves behind, on average and rounded, so that what V8 holds at either end does not count. */
export function tensorsLeftBy(run: () => unknown): number {
  run();
  const before = memory().tensors;
  for (let i = 0; i < RUNS; i++) run();
  return Math.round((memory().tensors - before) / RUNS) + 0; // Not -0, which toBe tells from 0.
}
