// The engine's CPU backend in a Node process.

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { CpuOptions } from "#engine/host";
import { SettingError } from "../settings/setting-error.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { compilation } from "./compilation.ts";

export interface NodeCpuOptions {
  /** What followers run: follower.ts, or its bundle. */
  readonly follower: URL;
}

/** With `LECTERN_THREADS` threads, or as many as the machine runs at once; vectors paired unless `LECTERN_REVECTORIZE` is 0. */
export function nodeCpu({ follower }: NodeCpuOptions): CpuOptions {
  return {
    threads: threadsWanted(),
    compilation: compilation(process.env.LECTERN_REVECTORIZE !== "0"),
    collectGarbage,
    warn: (message) => console.error(`lectern: ${message}`),
    startFollower(assignment) {
      const worker = new Worker(follower, { workerData: assignment });
      worker.unref();
      return worker;
    },
  };
}

function threadsWanted(): number {
  const wanted = process.env.LECTERN_THREADS;
  if (wanted === undefined || wanted === "") return availableParallelism();
  const threads = Number(wanted);
  if (Number.isInteger(threads) && threads > 0) return threads;
  throw new SettingError("LECTERN_THREADS", "a whole number from 1 on", wanted);
}
