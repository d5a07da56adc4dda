// A GPU for tests: the one that WebGPU finds, or SwiftShader, Vulkan on the CPU, where it is installed (Debian's chromium brings
// it) and nothing else was chosen.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { WebGpuOptions } from "#engine/host";
import { nodeGpu } from "../kernel/compute/node-gpu.ts";
import { aptInstall } from "./python.ts";

const swiftShader = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Whether tests that need one run without being asked to. */
export const hasSoftwareGpu = existsSync(swiftShader);

/** What a process needs in order to find it. */
export function gpuEnvironment(): NodeJS.ProcessEnv {
  return hasSoftwareGpu && process.env.VK_ICD_FILENAMES === undefined ? { VK_ICD_FILENAMES: swiftShader } : {};
}

/** Each call starts a thread of its own: `spied`, with a spy in it; or one whose GPU has no subgroups, also by `LECTERN_SUBGROUPS=0`. */
export function gpuForTests({ spied = false, subgroups = process.env.LECTERN_SUBGROUPS !== "0" } = {}): WebGpuOptions {
  Object.assign(process.env, gpuEnvironment());
  const thread = spied
    ? "./spied-gpu-thread.ts"
    : subgroups
      ? "../kernel/process/gpu-thread.ts"
      : "./gpu-thread-without-subgroups.ts";
  return nodeGpu({ thread: new URL(thread, import.meta.url) });
}

/** Installs SwiftShader and Vulkan's loader if need be; the returned text says why there is no GPU to test with. */
export async function ensureSoftwareGpu(): Promise<string | undefined> {
  if (process.env.VK_ICD_FILENAMES !== undefined) return undefined;
  if (!existsSync(swiftShader)) aptInstall("chromium");
  if (!hasVulkan()) aptInstall("libvulkan1");
  if (existsSync(swiftShader) && hasVulkan()) return undefined;
  return "there is no GPU to test with; on Debian: apt-get install chromium libvulkan1";
}

const hasVulkan = (): boolean =>
  spawnSync("/sbin/ldconfig", ["-p"], { encoding: "utf8" }).stdout.includes("libvulkan.so.1");
