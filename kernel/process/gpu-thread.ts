// The thread that owns the GPU, until its process ends.

import { parentPort } from "node:worker_threads";
import { serve } from "#engine/gpu-thread";

const port = parentPort;
if (port === null) throw new Error("gpu-thread.ts runs in a worker thread");
const fail = serve({
  // Native code for this platform, loaded here only: where it cannot be, the backend says why.
  openGpu: async () => (await import("webgpu")).create([]),
  post: (message, transfer) => port.postMessage(message, transfer),
  listen: (take) => void port.on("message", take),
  afterTurn: (callback) => void setImmediate(callback),
});
process.on("uncaughtException", fail);
