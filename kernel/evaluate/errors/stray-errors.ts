// Errors that no cell awaits: thrown in timers and callbacks, promises that nobody catches. The process lives, and they appear in the cell
// that caused them, with its line, also when that cell has ended. Warnings of node appear there too, without its process number.

import type { AsyncLocalStorage } from "node:async_hooks";
import type { OutputPipe } from "../output-pipe.ts";
import type { RunningCell } from "../running-cell.ts";
import { toThrownError } from "./thrown-error.ts";

export interface StrayErrorsParts {
  readonly cells: AsyncLocalStorage<RunningCell>;
  readonly output: OutputPipe;
}

export function reportStrayErrors({ cells, output }: StrayErrorsParts): void {
  const report = (what: string, thrown: unknown): void => {
    // What an interrupted cell leaves behind was wanted by nobody.
    if (cells.getStore()?.abort.signal.aborted) return;
    output.send({ type: "stray error", cell: output.cell, what, error: toThrownError(thrown) });
  };
  process.on("uncaughtException", (error) => report("Uncaught", error));
  process.on("unhandledRejection", (reason) => report("Uncaught (in promise)", reason));
  process.removeAllListeners("warning");
  process.on("warning", ({ name, message }) => {
    if (name === "ExperimentalWarning") return;
    output.output({ type: "stream", content: { name: "stderr", text: `${name}: ${message}\n` } });
  });
}
