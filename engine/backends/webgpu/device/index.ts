// The door for the thread that owns the GPU: what it runs.

export type { GpuPort } from "./gpu-port.ts";
export { serve } from "./serve.ts";
