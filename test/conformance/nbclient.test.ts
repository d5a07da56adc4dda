// A real Jupyter client executes the lecture through the installed kernelspec, and gets what `lectern run` gets.

import { cp, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { KERNEL_FLAGS } from "../../kernel/client/kernel-flags.ts";
import { type Notebook, toText } from "../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../kernel/notebook/notebook-file.ts";
import { installKernel, run } from "../install-kernel.ts";
import { python, pythonFolder } from "../python.ts";

let folder: string;
let byNbclient: Notebook;
let byLectern: Notebook;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lectern-nbclient-"));
  await cp("notebooks", join(folder, "notebooks"), { recursive: true });
  const source = join(folder, "notebooks/06-lenet-5.ipynb");
  installKernel();
  run(python, "test/conformance/execute.py", source, join(folder, "nbclient.ipynb"));
  run("node", "dist/lectern.js", "run", source, "-o", join(folder, "lectern.ipynb"));
  byNbclient = await readNotebook(join(folder, "nbclient.ipynb"));
  byLectern = await readNotebook(join(folder, "lectern.ipynb"));
});

describe("lectern install", () => {
  it("writes a kernelspec that asks for interrupts by message", async () => {
    const spec = JSON.parse(await readFile(join(pythonFolder, "share/jupyter/kernels/lectern/kernel.json"), "utf8"));
    expect(spec).toMatchObject({
      language: "typescript",
      interrupt_mode: "message",
      display_name: "TypeScript (Lectern)",
    });
    expect(spec.argv).toEqual([
      expect.stringContaining("node"),
      ...KERNEL_FLAGS,
      resolve("dist/kernel.js"),
      "--connection-file",
      "{connection_file}",
    ]);
  });
});

describe("nbclient", () => {
  it("gets the same outputs as lectern run, in kind and order", () => {
    expect(kinds(byNbclient)).toEqual(kinds(byLectern));
    expect(kinds(byNbclient).flat().length).toBeGreaterThan(8);
  });

  it("gets the same printed text, test accuracy included", () => {
    expect(printed(byNbclient)).toEqual(printed(byLectern));
    expect(printed(byNbclient)).toMatch(/Test accuracy \d\d\.\d\d %/);
  });
});

/** What each code cell shows: output types, streams by name, displays by their MIME types. */
function kinds({ cells }: Notebook): string[][] {
  return cells.map((cell) =>
    cell.cell_type !== "code"
      ? []
      : cell.outputs.map((output) => {
          if (output.output_type === "stream") return `stream ${output.name}`;
          if (output.output_type === "error") return `error ${output.ename}`;
          return `${output.output_type} ${Object.keys(output.data).sort().join(" ")}`;
        }),
  );
}

function printed({ cells }: Notebook): string {
  const outputs = cells.flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []));
  return outputs.map((output) => (output.output_type === "stream" ? toText(output.text) : "")).join("");
}
