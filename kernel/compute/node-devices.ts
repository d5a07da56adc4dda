// The devices of a Node process. The GPU's thread starts when its device is first asked for.

import type { Device } from "#engine";
import { type Backend, createCpuBackend, createWebGpuBackend, type EngineOptions } from "#engine/host";
import { describeThreads } from "./describe-cpu.ts";
import { deviceWanted } from "./device-wanted.ts";
import { nodeCpu } from "./node-cpu.ts";
import { nodeGpu } from "./node-gpu.ts";

export interface NodeDeviceFiles {
  /** What followers of the CPU run: follower.ts, or its bundle. */
  readonly follower: URL;
  /** What the GPU's thread runs: gpu-thread.ts, or its bundle. */
  readonly gpuThread: URL;
}

export interface NodeDevices extends Pick<EngineOptions, "devices" | "device"> {
  /** What a device is on this machine, in a few words: "CPU, 4 threads", "GPU: NVIDIA L4". */
  describe(device: Device): string;
}

/** For `configureEngine`. New tensors live on the device that `LECTERN_DEVICE` names, else on the CPU. */
export function nodeDevices({ follower, gpuThread }: NodeDeviceFiles): NodeDevices {
  const cpu = nodeCpu({ follower });
  let gpu = "GPU, not used yet";
  const openGpu = (): Backend => {
    gpu = "no GPU found";
    const backend = createWebGpuBackend(nodeGpu({ thread: gpuThread }));
    gpu = `GPU: ${backend.info.name}`;
    return backend;
  };
  return {
    devices: { cpu: createCpuBackend(cpu), webgpu: openGpu },
    device: deviceWanted(),
    describe: (device) => (device === "webgpu" ? gpu : `CPU, ${describeThreads(cpu)}`),
  };
}
