// What the GPU of this machine is, in lines for people. Opens its device to see that it works.

import { EngineError } from "#engine";
import { createWebGpuBackend } from "#engine/host";
import { nodeGpu } from "../compute/node-gpu.ts";

export interface GpuDescription {
  readonly isAvailable: boolean;
  /** What it is and can do, or why there is none and what to do. */
  readonly lines: readonly string[];
}

/** `thread`: what the GPU's thread runs, gpu-thread.ts or its bundle. */
export function describeGpu(thread: URL): GpuDescription {
  try {
    const { limits, features, ...info } = createWebGpuBackend(nodeGpu({ thread })).info;
    const tensor = Math.floor(limits.maxStorageBufferBindingSize / 2 ** 20);
    const details = [info.vendor, info.architecture].filter((part) => part !== "").join(", ");
    const lines = [
      `${info.name}${details === "" ? "" : ` (${details})`}`,
      `tensors of up to ${tensor} MiB, workgroups of up to ${limits.maxComputeInvocationsPerWorkgroup}${
        features.length === 0 ? "" : `, ${features.join(", ")}`
      }`,
      ...(info.isSoftware ? ["a program that plays a GPU: slower than cpu"] : []),
    ];
    return { isAvailable: true, lines };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { isAvailable: false, lines: ["not available", ...error.message.split("\n")] };
  }
}
