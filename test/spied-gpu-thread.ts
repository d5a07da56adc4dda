// The GPU's thread, with a spy in it.

import "./gpu-spy.ts";

await import("../kernel/process/gpu-thread.ts");
