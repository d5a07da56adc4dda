// `lectern devices`: what computes on this machine, and how to choose.

import { describeThreads, processorName } from "../compute/describe-cpu.ts";
import { deviceWanted } from "../compute/device-wanted.ts";
import { nodeCpu } from "../compute/node-cpu.ts";
import type { NodeDeviceFiles } from "../compute/node-devices.ts";
import { describeGpu } from "./describe-gpu.ts";

/** The lines to print. */
export function listDevices({ follower, gpuThread }: NodeDeviceFiles): string[] {
  const wanted = deviceWanted();
  const count = describeThreads(nodeCpu({ follower }));
  return [
    `cpu     ${processorName()}, ${count} (LECTERN_THREADS)`,
    ...describeGpu(gpuThread).lines.map((line, i) => `${i === 0 ? "webgpu  " : "        "}${line}`),
    "",
    `New tensors live on ${wanted}. LECTERN_DEVICE, VS Code's setting lectern.device, --device or device("webgpu") in a`,
    "cell choose another.",
  ];
}
