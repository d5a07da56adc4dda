// The lecture through the programs that people execute and hand on notebooks with: papermill and nbconvert.

import { cp, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { readNotebook } from "../../kernel/notebook/notebook-file.ts";
import { installKernel, run } from "../install-kernel.ts";
import { python } from "../python.ts";

const ACCURACY = /Test accuracy \d\d\.\d\d %/;

let folder: string;
let lecture: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-converters-"));
  await cp("notebooks", join(folder, "notebooks"), { recursive: true });
  lecture = join(folder, "notebooks", "06-lenet-5.ipynb");
  installKernel();
});

it("papermill executes the lecture", async () => {
  const output = join(folder, "papermill.ipynb");
  run(python, "-m", "papermill", "--cwd", join(folder, "notebooks"), "--no-progress-bar", lecture, output);
  const { cells } = await readNotebook(output);
  const outputs = cells.flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []));
  expect(JSON.stringify(outputs)).toMatch(ACCURACY);
  expect(outputs.filter(({ output_type }) => output_type === "error")).toEqual([]);
});

it("nbconvert executes the lecture and makes a page of it, with pictures", async () => {
  const page = join(folder, "lecture.html");
  run(python, "-m", "nbconvert", "--to", "html", "--execute", lecture, "--output-dir", folder, "--output", "lecture");
  const html = await readFile(page, "utf8");
  expect(html).toMatch(ACCURACY);
  expect(html.match(/src="data:image\/png;base64,/g)?.length).toBeGreaterThan(4);
});

it("nbconvert makes a TypeScript file of a notebook", async () => {
  run(python, "-m", "nbconvert", "--to", "script", lecture, "--output-dir", folder, "--output", "lecture");
  expect(await readFile(join(folder, "lecture.ts"), "utf8")).toContain('from "lectern"');
});
