// `process.exit()` in a cell ends the cell, as `sys.exit()` does in a Python notebook: the kernel and its variables stay. Whoever wants the
// process to end kills it.

import type { AsyncLocalStorage } from "node:async_hooks";
import type { OutputPipe } from "../output-pipe.ts";
import type { RunningCell } from "../running-cell.ts";
import type { StopSignal } from "./stop-signal.ts";

export interface LeaveCellParts {
  readonly cells: AsyncLocalStorage<RunningCell>;
  readonly output: OutputPipe;
  readonly stop: StopSignal;
}

/** Nothing behind the call runs, neither `catch` nor `finally`: the cell is stopped as by an interrupt. */
export function createExit({ cells, output, stop }: LeaveCellParts): typeof process.exit {
  return (code) => {
    const exitCode = Number(code ?? process.exitCode ?? 0);
    const running = cells.getStore();
    if (exitCode === 0 || !running || running.hasEnded) {
      const text = `process.exit(${exitCode}): the cell ends here; the kernel and its variables stay.\n`;
      output.output({ type: "stream", content: { name: "stderr", text } });
    }
    if (running && !running.hasEnded) {
      running.exitCode = exitCode;
      output.send({ type: "leave", cell: running.cell });
    }
    for (;;) stop.callForTermination();
  };
}
