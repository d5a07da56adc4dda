// Runs one cell: VS Code's execution on one side, the kernel's reply and outputs on the other. Called by notebook-session.ts,
// which decides what happens to the cells behind it.

import type * as vscode from "vscode";
import type { ErrorContent } from "#protocol";
import type { NotebookKernel } from "../kernel-host/notebook-kernel.ts";
import { CellOutputs } from "./cell-outputs.ts";
import type { Displays } from "./displays.ts";

export interface CellRunContext {
  readonly kernel: NotebookKernel;
  readonly displays: Displays;
  readonly log: vscode.LogOutputChannel;
  /** Called with where new tensors live once the cell has run, in words. */
  readonly onDevice: (device: string) => void;
  /** Fires when the user stops the notebook while this cell runs, even before a kernel is there to be interrupted. */
  readonly stopped: AbortSignal;
}

/** Resolves to whether the cell succeeded; never rejects, because whatever went wrong is shown under the cell. */
export async function runCell(execution: vscode.NotebookCellExecution, context: CellRunContext): Promise<boolean> {
  const { cell } = execution;
  if (cell.index < 0) {
    execution.end(undefined); // deleted while it waited
    return true;
  }
  execution.start(Date.now());
  const outputs = new CellOutputs(execution, context.displays, context.log);
  const succeeded = await runInKernel(execution, outputs, context).catch((error: unknown) => {
    outputs.apply({ type: "error", content: errorContent(error) });
    return false;
  });
  await outputs.written();
  execution.end(succeeded, Date.now());
  return succeeded === true;
}

async function runInKernel(
  execution: vscode.NotebookCellExecution,
  outputs: CellOutputs,
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
    onOutput: (output) => outputs.apply(output),
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
