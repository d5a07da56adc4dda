// The engine's GPU backend in a Node process: a thread that owns the device.

import { Worker } from "node:worker_threads";
import type { WebGpuOptions } from "#engine/host";
import { collectGarbage } from "./collect-garbage.ts";

export interface NodeGpuOptions {
  /** What the thread runs: gpu-thread.ts, or its bundle. */
  readonly thread: URL;
}

export function nodeGpu({ thread }: NodeGpuOptions): WebGpuOptions {
  const worker = new Worker(thread);
  worker.unref();
  return {
    collectGarbage,
    thread: {
      post: (message, transfer) => worker.postMessage(message, transfer),
      listen(take) {
        worker.on("message", take);
        // Listening holds the process.
        worker.unref();
      },
      stayAwake: (awake) => (awake ? worker.ref() : worker.unref()),
      afterTurn: (callback) => void setImmediate(callback),
      beforeEnd: (callback) => void process.once("exit", callback),
    },
  };
}
