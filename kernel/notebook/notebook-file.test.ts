import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { NotebookFormatError, readNotebook, writeNotebook } from "./notebook-file.ts";

const folder = await mkdtemp(join(tmpdir(), "lectern-notebook-"));

async function file(text: string): Promise<string> {
  const path = join(folder, "a.ipynb");
  await writeFile(path, text);
  return path;
}

it.each([
  ["{", "is not JSON"],
  ["3", "expected a JSON object"],
  ['{"nbformat":3}', "expected notebook format 4, got 3"],
  ['{"nbformat":4}', 'expected a list under "cells"'],
  ['{"nbformat":4,"cells":[{"cell_type":"code"}]}', "cell 1 has no source text"],
])("refuses %s: %s", async (text, problem) => {
  const path = await file(text);
  await expect(readNotebook(path)).rejects.toThrow(NotebookFormatError);
  await expect(readNotebook(path)).rejects.toThrow(`${path}: ${problem}`);
});

it("keeps what it does not know", async () => {
  const text = '{"cells":[],"metadata":{"mine":1},"nbformat":4,"nbformat_minor":5,"extra":true}';
  const path = await file(text);
  await writeNotebook(path, await readNotebook(path));
  expect(JSON.parse(await readFile(path, "utf8"))).toEqual(JSON.parse(text));
});
