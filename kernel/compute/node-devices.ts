// The devices of a Node process. The GPU's thread starts when its device is first asked for.

import { createCpuBackend, createWebGpuBackend, type EngineOptions } from "#engine";
import { deviceWanted } from "./device-wanted.ts";
import { nodeCpu } from "./node-cpu.ts";
import { nodeGpu } from "./node-gpu.ts";

export interface NodeDeviceFiles {
  /** What followers of the CPU run: follower.ts, or its bundle. */
  readonly follower: URL;
  /** What the GPU's thread runs: gpu-thread.ts, or its bundle. */
  readonly gpuThread: URL;
}

/** For `configureEngine`. New tensors live on the device that `LECTERN_DEVICE` names, else on the CPU. */
export function nodeDevices({ follower, gpuThread }: NodeDeviceFiles): Pick<EngineOptions, "devices" | "device"> {
  return {
    devices: {
      cpu: createCpuBackend(nodeCpu({ follower })),
      webgpu: () => createWebGpuBackend(nodeGpu({ thread: gpuThread })),
    },
    device: deviceWanted(),
  };
}
