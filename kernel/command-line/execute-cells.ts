// Executes the code cells of a notebook in their order and puts the outputs into it, by nbclient's rules: stops at the first
// error unless errors are allowed or the cell is tagged "raises-exception"; a cell tagged "skip-execution" is left out.
// Knows nothing of files and terminals beyond the reporter.

import { type KernelConnection, KernelError } from "#kernel";
import type { CellOutput } from "#protocol";
import { type CodeCell, hasTag, type Notebook, toText } from "../notebook/nbformat.ts";
import { OutputCollector } from "../notebook/output-collector.ts";
import { CellReporter } from "./cell-reporter.ts";

export interface ExecuteCellsOptions {
  /** A cell that runs longer is interrupted, and has failed. */
  readonly timeoutSeconds?: number | undefined;
  /** Go on behind a cell that failed. */
  readonly allowErrors: boolean;
  /** Aborted when the running cell has been interrupted: no other follows. */
  readonly signal: AbortSignal;
}

/** What happened: `problem` is the error that stopped the run, in one line. */
export interface CellsEnding {
  readonly problem?: string;
  /** Cells that failed, and were allowed to. */
  readonly failed: number;
}

export async function executeCells(
  kernel: KernelConnection,
  notebook: Notebook,
  { timeoutSeconds, allowErrors, signal }: ExecuteCellsOptions,
): Promise<CellsEnding> {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });
  const reporter = new CellReporter(cells.length);
  const collector = new OutputCollector();
  let heading = "";
  let failed = 0;
  for (const cell of notebook.cells) {
    const code = toText(cell.source);
    if (cell.cell_type !== "code") {
      heading = /^#+ (.*)$/m.exec(code)?.[1] ?? heading;
      continue;
    }
    if (code.trim() === "" || hasTag(cell, "skip-execution")) continue;
    reporter.begin(cells.indexOf(cell) + 1, heading, code);
    const problem = await executeCell(kernel, cell, timeoutSeconds, (output) => {
      collector.add(cell, output);
      reporter.show(output);
    });
    reporter.end();
    if (signal.aborted) break;
    if (problem === undefined) continue;
    if (problem.isFinal || !(allowErrors || hasTag(cell, "raises-exception"))) return { problem: problem.text, failed };
    failed++;
  }
  return { failed };
}

interface Problem {
  readonly text: string;
  /** The kernel is gone: nothing can follow. */
  readonly isFinal: boolean;
}

async function executeCell(
  kernel: KernelConnection,
  cell: CodeCell,
  timeoutSeconds: number | undefined,
  onOutput: (output: CellOutput) => void,
): Promise<Problem | undefined> {
  const onStart = (count: number) => {
    cell.execution_count = count;
  };
  let isTooLate = false;
  const onTimeout = () => {
    isTooLate = true;
    void kernel.interrupt();
  };
  const timer = timeoutSeconds === undefined ? undefined : setTimeout(onTimeout, 1000 * timeoutSeconds);
  try {
    const cellId = cell.id && { cellId: cell.id };
    const reply = await kernel.execute({ code: toText(cell.source), ...cellId, onStart, onOutput });
    if (isTooLate) return { text: `the cell ran longer than ${timeoutSeconds} s (--timeout)`, isFinal: false };
    return reply.status === "error" ? { text: `${reply.ename}: ${reply.evalue}`, isFinal: false } : undefined;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return { text: error.message, isFinal: true };
  } finally {
    clearTimeout(timer);
  }
}
