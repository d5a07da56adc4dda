// How long a restart takes, until a cell gives its result again. Ours restarts in place, as VS Code asks it to; a peer's client ends
// the process and starts another, which is the first result over again.

import { performance } from "node:perf_hooks";
import { startTestKernel } from "../../wire/real-kernel.ts";

/** Milliseconds. */
export async function measureRestart(): Promise<number> {
  await using kernel = await startTestKernel();
  await kernel.run("1 + 1");
  // As long as nobody restarts in the first second, the spare process is warm.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const started = performance.now();
  await kernel.connection.restart();
  await kernel.run("1 + 1");
  return performance.now() - started;
}
