// The GPU's thread, with an adapter that has no subgroups: kernels then fold through workgroup memory. See gpu.ts.

import { globals } from "webgpu";

const { prototype } = (globals as typeof globalThis).GPU;
const { requestAdapter } = prototype;
prototype.requestAdapter = async function (...args) {
  const adapter = await requestAdapter.apply(this, args);
  if (adapter === null) return null;
  const features = new Set([...adapter.features].filter((feature) => feature !== "subgroups"));
  return Object.defineProperty(adapter, "features", { value: features });
};

await import("../kernel/process/gpu-thread.ts");
