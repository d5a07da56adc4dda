// A lecture executed as a reader would: `lectern run` in a process of its own, in a copy of notebooks/. Sequences are shorter
// and epochs fewer (LECTERN_FAST=1) where a lecture says so.

import { spawnSync } from "node:child_process";
import { cp, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PLOTLY_MIME } from "#protocol";
import { type Notebook, type Output, toText } from "../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../kernel/notebook/notebook-file.ts";
import { gpuEnvironment } from "../gpu.ts";

export interface Execution {
  /** Where notebooks/ and out/ are. */
  readonly folder: string;
  readonly notebook: Notebook;
  /** What the terminal showed. */
  readonly terminal: string;
}

export type Bundle = Readonly<Record<string, unknown>>;

/** `options` of `lectern run`. Throws with all output when a cell fails. */
export async function runNotebook(name: string, ...options: readonly string[]): Promise<Execution> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-notebook-"));
  await cp("notebooks", join(folder, "notebooks"), { recursive: true });
  const output = join(folder, "out", name);
  const args = ["dist/lectern.js", "run", join(folder, "notebooks", name), "-o", output, ...options];
  const env = { ...process.env, ...gpuEnvironment(), LECTERN_FAST: "1" };
  const { status, stdout, stderr } = spawnSync("node", args, { encoding: "utf8", env });
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  return { folder, notebook: await readNotebook(output), terminal: stdout + stderr };
}

export function outputsOf({ cells }: Notebook): Output[] {
  return cells.flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []));
}

export function figuresOf(notebook: Notebook): Bundle[] {
  return outputsOf(notebook).flatMap((output) => ("data" in output && PLOTLY_MIME in output.data ? [output.data] : []));
}

export function printedBy(notebook: Notebook): string {
  return outputsOf(notebook)
    .map((output) => (output.output_type === "stream" ? toText(output.text) : ""))
    .join("");
}
