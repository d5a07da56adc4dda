// The thread that owns the GPU, until its process ends.

import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { parentPort } from "node:worker_threads";
import { serve } from "#engine/gpu-thread";

const port = parentPort;
if (port === null) throw new Error("gpu-thread.ts runs in a worker thread");
const fail = serve({
  openGpu: async () => (await loadWebGpu()).create([]),
  post: (message, transfer) => port.postMessage(message, transfer),
  listen: (take) => void port.on("message", take),
  afterTurn: (callback) => void setImmediate(callback),
});
process.on("uncaughtException", fail);

/** Native code for this platform, loaded on this thread only. VS Code's package lacks it; then it may lie beside the notebook. */
async function loadWebGpu(): Promise<typeof import("webgpu")> {
  const folder = process.cwd();
  for (const from of [import.meta.url, pathToFileURL(`${folder}/`).href]) {
    const path = findPackageEntry("webgpu", from);
    if (path !== undefined) return import(path);
  }
  throw new Error(`the package webgpu is not installed: run npm install webgpu in ${folder}`);
}

function findPackageEntry(name: string, from: string): string | undefined {
  try {
    return pathToFileURL(createRequire(from).resolve(name)).href;
  } catch {
    return undefined;
  }
}
