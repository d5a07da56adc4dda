// Hands every test file the backend that users get: the CPU with threads and generated kernels. Work is cut however small it
// is, so that threads are tested, too. `LECTERN_PLAIN=1` tests the plain backend instead; `LECTERN_THREADS` and
// `LECTERN_REVECTORIZE` say how many threads, and whether vectors are paired, as everywhere.

import { configureEngine, createCpuBackend } from "#engine";
import { nodeCpu } from "../kernel/compute/node-cpu.ts";

const follower = new URL("../kernel/process/follower.ts", import.meta.url);
if (process.env.LECTERN_PLAIN !== "1") {
  configureEngine({ devices: { cpu: createCpuBackend({ ...nodeCpu({ follower }), grain: 1 }) } });
}
