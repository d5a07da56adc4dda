// What a cell's timers and promises print and show after the cell has ended. VS Code lets only an execution write outputs, so a short one
// is opened for what has come together, with the count, the times and the end that the cell already shows. (Replacing the cell by an edit
// would cost its editor state.) Where the cell runs again, or waits to, its old run is over and says nothing more.

import type * as vscode from "vscode";
import type { CellOutput } from "#protocol";
import type { CellOutputs } from "./cell-outputs.ts";

/** Opening an execution shows a spinner for a moment: not more often than this. */
const COLLECT_MS = 250;

/** What the cell shows of its run. */
export interface EndedRun {
  readonly order: number | undefined;
  readonly startedMs: number;
  readonly endedMs: number;
  readonly succeeded: boolean | undefined;
}

export class LateOutputs {
  readonly #outputs: CellOutputs;
  readonly #ended: EndedRun;
  readonly #reopen: () => vscode.NotebookCellExecution | undefined;
  #waiting: CellOutput[] = [];
  #writing: Promise<void> | undefined;

  /** `reopen` gives a new execution of the cell, or undefined when the cell has gone or runs again. */
  constructor(outputs: CellOutputs, ended: EndedRun, reopen: () => vscode.NotebookCellExecution | undefined) {
    this.#outputs = outputs;
    this.#ended = ended;
    this.#reopen = reopen;
  }

  add(output: CellOutput): void {
    this.#waiting.push(output);
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, COLLECT_MS));
      const outputs = this.#waiting;
      this.#waiting = [];
      const execution = this.#reopen();
      if (!execution) return;
      const { order, startedMs, endedMs, succeeded } = this.#ended;
      execution.executionOrder = order;
      execution.start(startedMs);
      this.#outputs.continueIn(execution);
      for (const output of outputs) this.#outputs.apply(output);
      await this.#outputs.written();
      execution.end(succeeded, endedMs);
    }
  }
}
