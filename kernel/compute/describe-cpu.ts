// The CPU in words, as people are told of it: by the kernel, `lectern devices` and `lectern doctor`.

import { cpus } from "node:os";
import type { CpuOptions } from "#engine/host";

/** "1 thread", "4 threads". */
export const describeThreads = ({ threads = 1 }: Pick<CpuOptions, "threads">): string =>
  `${threads} ${threads === 1 ? "thread" : "threads"}`;

/** "AMD EPYC 7763 64-Core Processor". */
export const processorName = (): string => cpus()[0]?.model.trim() ?? "unknown processor";
