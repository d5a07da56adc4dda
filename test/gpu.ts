// A GPU for tests: the one that WebGPU finds, or SwiftShader, Vulkan on the CPU, where it is installed (Debian's chromium brings
// it) and nothing else was chosen.

import { existsSync } from "node:fs";
import type { WebGpuOptions } from "#engine";
import { nodeGpu } from "../kernel/compute/node-gpu.ts";

const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Whether tests that need one run without being asked to. */
export const hasSoftwareGpu = existsSync(swiftShader);

/** Each call starts a thread of its own. */
export function gpuForTests(): WebGpuOptions {
  if (hasSoftwareGpu) process.env.VK_ICD_FILENAMES ??= swiftShader;
  return nodeGpu({ thread: new URL("../kernel/process/gpu-thread.ts", import.meta.url) });
}
