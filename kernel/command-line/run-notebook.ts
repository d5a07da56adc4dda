// `lectern run NOTEBOOK`: executes a notebook without an editor, through the same kernel process that VS Code uses, and
// writes it with its outputs. Stops at the first error; what was executed until then is written all the same.

import { dirname, relative, resolve } from "node:path";
import { type KernelConnection, KernelError, startKernel } from "#kernel";
import type { CellOutput } from "#protocol";
import { deviceWanted } from "../compute/device-wanted.ts";
import { type CodeCell, type Notebook, toText } from "../notebook/nbformat.ts";
import { readNotebook, writeNotebook } from "../notebook/notebook-file.ts";
import { OutputCollector } from "../notebook/output-collector.ts";
import { CellReporter } from "./cell-reporter.ts";

export interface RunOptions {
  readonly notebook: string;
  /** Where the executed notebook goes. */
  readonly output: string;
  readonly kernelPath: string;
  readonly env: NodeJS.ProcessEnv;
}

/** How a run ended: `problem` is the error in one line. */
type Ending = { readonly status: "ok" | "interrupted" } | { readonly status: "error"; readonly problem: string };

const EXIT_CODES = { ok: 0, error: 1, interrupted: 130 } as const;

/** Returns the process's exit code: 0 when every cell ran, 1 when one failed, 130 when interrupted. */
export async function runNotebook({ notebook: path, output, kernelPath, env }: RunOptions): Promise<number> {
  deviceWanted(env);
  const notebook = await readNotebook(path);
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const cwd = dirname(resolve(path));
  await using kernel = await startKernel({ nodePath: process.execPath, kernelPath, cwd, env, log });
  process.stdout.write(`${kernel.banner}\n`);

  const started = performance.now();
  const ending = await untilInterrupted(kernel, () => executeCells(kernel, notebook));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);

  await writeNotebook(output, notebook);
  const shown = relative(process.cwd(), resolve(output));
  const summary = {
    ok: `All cells ran in ${seconds} s.`,
    interrupted: `Interrupted after ${seconds} s.`,
    error: `Stopped after ${seconds} s: ${"problem" in ending ? ending.problem : ""}`,
  };
  process.stdout.write(`\n${summary[ending.status]}\nExecuted notebook: ${shown}\n`);
  process.stdout.write(`Open it in VS Code (with the Lectern extension): code ${shown}\n`);
  return EXIT_CODES[ending.status];
}

/** Ctrl-C interrupts the running cell; a second one ends the process. */
async function untilInterrupted(kernel: KernelConnection, execute: () => Promise<Ending>): Promise<Ending> {
  let interrupted = false;
  const onInterrupt = () => {
    if (interrupted) process.exit(EXIT_CODES.interrupted);
    interrupted = true;
    void kernel.interrupt();
  };
  process.on("SIGINT", onInterrupt);
  const ending = await execute();
  process.off("SIGINT", onInterrupt);
  return interrupted ? { status: "interrupted" } : ending;
}

/** Runs the code cells in their order and puts the outputs into `notebook`. */
async function executeCells(kernel: KernelConnection, notebook: Notebook): Promise<Ending> {
  const cells = notebook.cells.filter((cell) => cell.cell_type === "code");
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });
  const reporter = new CellReporter(cells.length);
  const collector = new OutputCollector();
  let heading = "";
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") {
      heading = /^#+ (.*)$/m.exec(toText(cell.source))?.[1] ?? heading;
      continue;
    }
    if (toText(cell.source).trim() === "") continue;
    reporter.begin(cells.indexOf(cell) + 1, heading, toText(cell.source));
    const problem = await executeCell(kernel, cell, (output) => {
      collector.add(cell, output);
      reporter.show(output);
    });
    reporter.end();
    if (problem !== undefined) return { status: "error", problem };
  }
  return { status: "ok" };
}

/** Returns what went wrong, in one line. */
async function executeCell(
  kernel: KernelConnection,
  cell: CodeCell,
  onOutput: (output: CellOutput) => void,
): Promise<string | undefined> {
  const onStart = (count: number) => {
    cell.execution_count = count;
  };
  try {
    const reply = await kernel.execute({
      code: toText(cell.source),
      ...(cell.id && { cellId: cell.id }),
      onStart,
      onOutput,
    });
    return reply.status === "error" ? `${reply.ename}: ${reply.evalue}` : undefined;
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    return error.message;
  }
}
