// Reads and writes .ipynb files. What is wrong with a file is said with its path; nothing is repaired silently.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Cell, Notebook } from "./nbformat.ts";

export class NotebookFormatError extends Error {
  override readonly name = "NotebookFormatError";

  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
  }
}

/** Throws {@link NotebookFormatError} for anything that is no notebook of format 4, and node's error when there is no file. */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await readFile(path, "utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new NotebookFormatError(path, `is not JSON (${(error as Error).message})`);
  }
  const notebook = value as Partial<Notebook> | null;
  if (typeof notebook !== "object" || notebook === null) throw new NotebookFormatError(path, "expected a JSON object");
  if (notebook.nbformat !== 4) {
    const hint = "convert it with: jupyter nbconvert --to notebook --nbformat 4";
    throw new NotebookFormatError(path, `expected notebook format 4, got ${notebook.nbformat}; ${hint}`);
  }
  if (!Array.isArray(notebook.cells)) throw new NotebookFormatError(path, 'expected a list under "cells"');
  notebook.cells.forEach((cell: Partial<Cell>, index) => {
    const isText = typeof cell?.source === "string" || Array.isArray(cell?.source);
    if (!isText) throw new NotebookFormatError(path, `cell ${index + 1} has no source text`);
  });
  return { metadata: {}, nbformat_minor: 5, ...notebook } as Notebook;
}

/** Writes with one blank of indentation and a final line break, as Jupyter does. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(notebook, null, 1)}\n`);
}
