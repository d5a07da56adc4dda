// Door for whoever hosts the engine: what a process hands in, and what cells do not see. Cells see index.ts.

export type { Backend } from "./backends/backend.ts";
export { type CpuOptions, createCpuBackend } from "./backends/wasm/cpu-backend.ts";
export { createWebGpuBackend, type WebGpuOptions } from "./backends/webgpu/webgpu-backend.ts";
export {
  configureEngine,
  type DownloadProgress,
  type EngineOptions,
  type FetchResponse,
  type FileAccess,
  type Folder,
  type ReadableFolder,
  recoverFromTermination,
} from "./core/context.ts";
