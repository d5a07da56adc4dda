// `lectern devices`: what computes on this machine, and how to choose.

import { cpus } from "node:os";
import { createWebGpuBackend, EngineError } from "#engine";
import { deviceWanted } from "../compute/device-wanted.ts";
import { nodeCpu } from "../compute/node-cpu.ts";
import type { NodeDeviceFiles } from "../compute/node-devices.ts";
import { nodeGpu } from "../compute/node-gpu.ts";

/** The lines to print. Opens the GPU's device to see that it works. */
export function listDevices({ follower, gpuThread }: NodeDeviceFiles): string[] {
  const wanted = deviceWanted();
  const { threads } = nodeCpu({ follower });
  const count = `${threads} ${threads === 1 ? "thread" : "threads"}`;
  return [
    `cpu     ${cpus()[0]?.model.trim() ?? "unknown processor"}, ${count} (LECTERN_THREADS)`,
    ...gpuLines(gpuThread).map((line, i) => `${i === 0 ? "webgpu  " : "        "}${line}`),
    "",
    `New tensors live on ${wanted}. LECTERN_DEVICE, VS Code's setting lectern.device, --device or device("webgpu") in a`,
    "cell choose another.",
  ];
}

function gpuLines(thread: URL): string[] {
  try {
    const { info } = createWebGpuBackend(nodeGpu({ thread }));
    const { limits, features } = info;
    const tensor = Math.floor(limits.maxStorageBufferBindingSize / 2 ** 20);
    const details = [info.vendor, info.architecture].filter((part) => part !== "").join(", ");
    return [
      `${info.name}${details === "" ? "" : ` (${details})`}`,
      `tensors of up to ${tensor} MiB, workgroups of up to ${limits.maxComputeInvocationsPerWorkgroup}${
        features.length === 0 ? "" : `, ${features.join(", ")}`
      }`,
      ...(info.isSoftware ? ["a program that plays a GPU: slower than cpu"] : []),
    ];
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return ["not available", ...error.message.split("\n")];
  }
}
