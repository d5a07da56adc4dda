// Runs one cell: VS Code's execution on one side, the kernel's reply and outputs on the other. Called by notebook-session.ts,
// which decides what happens to the cells behind it.

import type * as vscode from "vscode";
import type { CellOutput, ErrorContent } from "#protocol";
import type { NotebookKernel } from "../kernel-host/notebook-kernel.ts";
import { CellOutputs } from "./cell-outputs.ts";
import type { Displays } from "./displays.ts";
import { askInInputBox } from "./input-box.ts";
import { LateOutputs } from "./late-outputs.ts";

export type CreateExecution = (cell: vscode.NotebookCell) => vscode.NotebookCellExecution;

export interface CellRunContext {
  readonly kernel: NotebookKernel;
  readonly displays: Displays;
  readonly log: vscode.LogOutputChannel;
  /** Called with where new tensors live once the cell has run, in words. */
  readonly onDevice: (device: string) => void;
  /** Fires when the user stops the notebook while this cell runs, even before a kernel is there to be interrupted. */
  readonly stopped: AbortSignal;
  /** Opens another execution of a cell; throws when it has one. */
  readonly createExecution: CreateExecution;
  /** The latest run of each cell: only that one may still write. */
  readonly latestRuns: WeakMap<vscode.NotebookCell, vscode.NotebookCellExecution>;
}

/** Resolves to whether the cell succeeded; never rejects, because whatever went wrong is shown under the cell. */
export async function runCell(execution: vscode.NotebookCellExecution, context: CellRunContext): Promise<boolean> {
  const { cell } = execution;
  if (cell.index < 0) {
    execution.end(undefined); // deleted while it waited
    return true;
  }
  const startedMs = Date.now();
  execution.start(startedMs);
  context.latestRuns.set(cell, execution);
  const outputs = new CellOutputs(execution, context.displays, context.log);
  let late: LateOutputs | undefined;
  const onOutput = (output: CellOutput) => {
    if (late) late.add(output);
    else outputs.apply(output);
  };
  const succeeded = await runInKernel(execution, onOutput, context).catch((error: unknown) => {
    outputs.apply({ type: "error", content: errorContent(error) });
    return false;
  });
  const endedMs = Date.now();
  late = new LateOutputs(outputs, { order: execution.executionOrder, startedMs, endedMs, succeeded }, () =>
    reopen(execution, context),
  );
  await outputs.written();
  execution.end(succeeded, endedMs);
  return succeeded === true;
}

/** undefined when the cell was deleted, has run again, or is about to. */
function reopen(
  execution: vscode.NotebookCellExecution,
  { createExecution, latestRuns }: CellRunContext,
): vscode.NotebookCellExecution | undefined {
  const { cell } = execution;
  if (cell.index < 0 || latestRuns.get(cell) !== execution) return undefined;
  try {
    return createExecution(cell);
  } catch {
    return undefined; // VS Code allows one execution of a cell
  }
}

async function runInKernel(
  execution: vscode.NotebookCellExecution,
  onOutput: (output: CellOutput) => void,
  { kernel, stopped, onDevice }: CellRunContext,
): Promise<boolean | undefined> {
  const connection = await kernel.connect();
  if (stopped.aborted) return undefined;
  const { document, metadata } = execution.cell;
  const reply = await connection.execute({
    code: document.getText(),
    ...(typeof metadata.id === "string" && { cellId: metadata.id }),
    onStart: (executionCount) => {
      execution.executionOrder = executionCount;
    },
    onOutput,
    onInput: (question) => askInInputBox(question, stopped),
  });
  if (reply.status === "aborted") return undefined;
  if (reply.device !== undefined) onDevice(reply.device);
  return reply.status === "ok";
}

/** A kernel that would not start or that died, in the words of its error. */
function errorContent(error: unknown): ErrorContent {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const hint = 'What the kernel said last: command "Lectern: Show Log". The next cell that runs starts a new kernel.';
  return { ename: name, evalue: message, traceback: [`${name}: ${message}`, hint] };
}
