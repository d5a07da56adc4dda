// Hands every test file the backend that users get: the CPU with threads and generated kernels. Work is cut however small it
// is, so that threads are tested, too. `LECTERN_PLAIN=1` tests the plain backend instead, `LECTERN_DEVICE=webgpu` the GPU, or what
// stands in for one; `LECTERN_THREADS` and `LECTERN_REVECTORIZE` say how many threads, and whether vectors are paired, as
// everywhere.

import { afterEach } from "vitest";
import { configureEngine, createCpuBackend, createWebGpuBackend } from "#engine/host";
import { nodeCpu } from "../kernel/compute/node-cpu.ts";
import { gpuForTests } from "./gpu.ts";

const processes = (file: string) => new URL(`../kernel/process/${file}`, import.meta.url);

if (process.env.LECTERN_PLAIN !== "1") {
  const cpu = createCpuBackend({ ...nodeCpu({ follower: processes("follower.ts") }), grain: 1 });
  configureEngine({ devices: { cpu } });
}
if (process.env.LECTERN_DEVICE === "webgpu") useGpu();

/** Whatever the GPU complains about fails the test in which it happened. */
function useGpu(): void {
  const webgpu = createWebGpuBackend(gpuForTests());
  configureEngine({ devices: { webgpu }, device: "webgpu" });
  afterEach(() => {
    const probe = webgpu.allocate("bool", 1);
    webgpu.readSync(probe, 0, 1);
    webgpu.release(probe);
  });
}
