// `lectern run NOTEBOOK`: executes a notebook without an editor, through the same kernel process that VS Code uses, and
// writes it with its outputs. Stops at the first error; what was executed until then is written all the same.

import { dirname, relative, resolve } from "node:path";
import { startKernel } from "#kernel";
import type { CellOutput, ErrorContent } from "#protocol";
import { type CodeCell, toText } from "../notebook/nbformat.ts";
import { readNotebook, writeNotebook } from "../notebook/notebook-file.ts";
import { OutputCollector } from "../notebook/output-collector.ts";
import { CellReporter } from "./cell-reporter.ts";

export interface RunOptions {
  readonly notebook: string;
  /** Where the executed notebook goes. */
  readonly output: string;
  readonly kernelPath: string;
}

/** Returns the process's exit code: 0 when every cell ran, 1 when one failed, 130 when interrupted. */
export async function runNotebook({ notebook: path, output, kernelPath }: RunOptions): Promise<number> {
  const notebook = await readNotebook(path);
  const cells = notebook.cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  for (const cell of cells) Object.assign(cell, { outputs: [], execution_count: null });

  const nodePath = process.execPath;
  const log = (line: string) => process.stderr.write(`${line}\n`);
  await using kernel = await startKernel({ nodePath, kernelPath, cwd: dirname(resolve(path)), log });
  const started = performance.now();
  const reporter = new CellReporter(cells.length);
  process.stdout.write(`${kernel.banner}\n${path}: ${cells.length} code cells\n`);

  let interrupted = false;
  const onInterrupt = () => {
    if (interrupted) process.exit(130);
    interrupted = true;
    void kernel.interrupt();
  };
  process.on("SIGINT", onInterrupt);

  const collector = new OutputCollector();
  let error: ErrorContent | undefined;
  for (const [index, cell] of cells.entries()) {
    const code = toText(cell.source);
    if (code.trim() === "") continue;
    reporter.begin(index + 1, code);
    const onOutput = (output: CellOutput) => {
      collector.add(cell, output);
      reporter.show(output);
    };
    const onStart = (count: number) => {
      cell.execution_count = count;
    };
    const reply = await kernel.execute({ code, ...(cell.id && { cellId: cell.id }), onStart, onOutput });
    reporter.end();
    if (reply.status === "error") error = reply;
    if (error || interrupted) break;
  }
  process.off("SIGINT", onInterrupt);

  await writeNotebook(output, notebook);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const shown = relative(process.cwd(), resolve(output));
  if (error) process.stdout.write(`\nStopped after ${seconds} s: ${error.ename}: ${error.evalue}\n`);
  else process.stdout.write(`\nAll cells ran in ${seconds} s.\n`);
  process.stdout.write(`Executed notebook: ${shown}\nOpen it in VS Code (with the Lectern extension): code ${shown}\n`);
  return interrupted ? 130 : error ? 1 : 0;
}
