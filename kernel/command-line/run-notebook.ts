// `lectern run NOTEBOOK`: executes a notebook without an editor, through the same kernel process that VS Code uses, and
// writes it with its outputs. What was executed until an error or Ctrl-C is written all the same.

import { dirname, relative, resolve } from "node:path";
import { type KernelConnection, startKernel } from "#kernel";
import { deviceWanted } from "../compute/device-wanted.ts";
import { readNotebook, writeNotebook } from "../notebook/notebook-file.ts";
import { type CellParameters, injectParameters } from "./cell-parameters.ts";
import { type CellsEnding, type ExecuteCellsOptions, executeCells } from "./execute-cells.ts";

export interface RunOptions extends Omit<ExecuteCellsOptions, "signal"> {
  readonly notebook: string;
  /** Where the executed notebook goes. */
  readonly output: string;
  readonly parameters: CellParameters;
  readonly kernelPath: string;
  readonly env: NodeJS.ProcessEnv;
}

type Ending = CellsEnding & { readonly interrupted: boolean };

/** Returns the process's exit code: 0 when the notebook ran to its end, 1 when a cell stopped it, 130 when interrupted. */
export async function runNotebook(options: RunOptions): Promise<number> {
  const { notebook: path, output, parameters, kernelPath, env } = options;
  deviceWanted(env);
  const notebook = injectParameters(await readNotebook(path), parameters);
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const cwd = dirname(resolve(path));
  await using kernel = await startKernel({ nodePath: process.execPath, kernelPath, cwd, env, log });
  process.stdout.write(`${kernel.banner}\n`);

  const started = performance.now();
  const ending = await untilInterrupted(kernel, (signal) => executeCells(kernel, notebook, { ...options, signal }));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);

  await writeNotebook(output, notebook);
  const shown = relative(process.cwd(), resolve(output));
  process.stdout.write(`\n${toSummary(ending, seconds)}\nExecuted notebook: ${shown}\n`);
  process.stdout.write(`Open it in VS Code (with the Lectern extension): code ${shown}\n`);
  if (ending.interrupted) return INTERRUPTED;
  return ending.problem === undefined ? 0 : 1;
}

/** As a shell says that Ctrl-C ended a program. */
const INTERRUPTED = 130;

/** Ctrl-C interrupts the running cell; a second one ends the process. */
async function untilInterrupted(
  kernel: KernelConnection,
  execute: (signal: AbortSignal) => Promise<CellsEnding>,
): Promise<Ending> {
  const interruption = new AbortController();
  const onInterrupt = () => {
    if (interruption.signal.aborted) process.exit(INTERRUPTED);
    interruption.abort();
    void kernel.interrupt();
  };
  process.on("SIGINT", onInterrupt);
  const ending = await execute(interruption.signal);
  process.off("SIGINT", onInterrupt);
  return { ...ending, interrupted: interruption.signal.aborted };
}

function toSummary({ interrupted, problem, failed }: Ending, seconds: string): string {
  if (interrupted) return `Interrupted after ${seconds} s.`;
  if (problem !== undefined) return `Stopped after ${seconds} s: ${problem}`;
  if (failed > 0) return `Ran in ${seconds} s; ${failed} ${failed === 1 ? "cell" : "cells"} failed, as allowed.`;
  return `All cells ran in ${seconds} s.`;
}
