// The child's side of a measurement, for ours, the ceiling and the peers that run in Node: warms the step up, says that it
// is ready, then times one run per line on stdin. One process measures one workload, so its peak memory is that workload's.
// contender.ts is the other side; pytorch.py speaks the same lines.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Job } from "../spec.ts";

export const job = JSON.parse(process.argv[2]!) as Job;

const WARM_UP_MS = 600;

/** A workload that this library has no way to do; the message says what is missing. */
export class CannotError extends Error {
  override readonly name = "CannotError";
}

/**
 * `build` gives one step; what it or its first call throws is the reason why this peer cannot. `finish` waits for what steps
 * have only begun, as on a GPU: its time counts.
 */
export async function serve(
  version: string | (() => string),
  build: () => Step | Promise<Step>,
  finish: () => unknown = () => {},
): Promise<void> {
  try {
    const one = await build();
    const step: Timed = { one, finish };
    const steps = await warmUp(step);
    say({ ready: typeof version === "string" ? version : version() });
    for await (const command of createInterface({ input: process.stdin })) {
      if (command === "end") break;
      say({ ms: (await time(step, steps)) / steps });
    }
    say({ peakBytes: peakBytes() });
  } catch (error) {
    const { name, message } = error as Error;
    say({ cannot: name === "CannotError" ? message : `${name}: ${message}`.split("\n")[0] });
  }
  process.exit();
}

/** May be asynchronous; is then awaited. */
export type Step = () => unknown;

interface Timed {
  readonly one: Step;
  readonly finish: () => unknown;
}

/** More and more steps at a time, until the compiler has had its time; returns how many make a run. */
async function warmUp(step: Timed): Promise<number> {
  const started = performance.now();
  for (let steps = 1; ; ) {
    const ms = await time(step, steps);
    if (performance.now() - started > WARM_UP_MS) return Math.max(1, Math.round((steps * job.runMs) / ms));
    if (ms < job.runMs / 2) steps *= 2;
  }
}

async function time({ one, finish }: Timed, steps: number): Promise<number> {
  const started = performance.now();
  for (let i = 0; i < steps; i++) {
    const result = one();
    if (result instanceof Promise) await result;
  }
  await finish();
  return performance.now() - started;
}

/** Linux knows it for this program alone; `maxRSS` begins with what the parent had when it started this process. */
function peakBytes(): number {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync("/proc/self/status", "utf8"))!;
    return Number(kibibytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
