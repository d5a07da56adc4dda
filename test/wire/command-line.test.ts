// The command line as a shell runs it: exit codes, what is printed, and what lies in the files afterwards.

import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Notebook, toText } from "../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../kernel/notebook/notebook-file.ts";

const folder = await mkdtemp(join(tmpdir(), "lectern-command-"));

interface Ran {
  readonly code: number | null;
  /** Standard output and error. */
  readonly text: string;
}

function lectern(args: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
  const options = { encoding: "utf8", timeout: 60_000, env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync("node", ["dist/lectern.js", ...args], options);
  return { code: status, text: stdout + stderr };
}

type Source = readonly [code: string, ...tags: string[]];

async function run(sources: readonly Source[], ...flags: string[]): Promise<Ran & { notebook: Notebook }> {
  const path = join(await mkdtemp(join(folder, "run-")), "a.ipynb");
  const cells = sources.map(([source, ...tags], i) => {
    return { cell_type: "code", id: `${i}`, metadata: { tags }, source, execution_count: null, outputs: [] };
  });
  await writeFile(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
  const output = path.replace("a.ipynb", "b.ipynb");
  const ran = lectern(["run", path, "-o", output, ...flags]);
  return { ...ran, notebook: await readNotebook(ran.code === 2 ? path : output) };
}

/** The results of the cells, and the names of their errors. */
const results = ({ cells }: Notebook): string[] =>
  cells.flatMap((cell) =>
    (cell.cell_type === "code" ? cell.outputs : []).flatMap((output) => {
      if (output.output_type === "error") return [output.ename];
      return output.output_type === "execute_result" ? [toText(output.data["text/plain"] as string)] : [];
    }),
  );

it("gives a notebook parameters", async () => {
  const cells: Source[] = [["const epochs = 5, name = 'none';", "parameters"], ["[name, epochs + 1]"]];
  const { code, notebook } = await run(cells, "-p", "epochs=2", "-p", "name=lenet");
  expect(code).toBe(0);
  expect(results(notebook)).toEqual(["[ 'lenet', 3 ]"]);
  expect(notebook.cells.map(({ metadata }) => metadata.tags)).toEqual([["parameters"], ["injected-parameters"], []]);
});

it("refuses parameters that would change nothing, before anything runs", async () => {
  const wrong = await run([["let epochs = 5;", "parameters"]], "-p", "epoch=2");
  expect(wrong).toMatchObject({ code: 2, text: expect.stringContaining("does not declare epoch") });
  const nowhere = await run([["let epochs = 5;"]], "-p", "epochs=2");
  expect(nowhere).toMatchObject({ code: 2, text: expect.stringContaining('no cell is tagged "parameters"') });
});

it("stops at the first error, with the cells until then in the file", async () => {
  const { code, text, notebook } = await run([["1"], ["throw new Error('no')"], ["3"]]);
  expect(code).toBe(1);
  expect(text).toMatch(/Stopped after .* s: Error: no/);
  expect(results(notebook)).toEqual(["1", "Error"]);
});

it("goes on where errors are allowed, and leaves out what is to be skipped", async () => {
  const all = await run([["throw new Error('no')"], ["2"]], "--allow-errors");
  expect(all).toMatchObject({ code: 0, text: expect.stringContaining("1 cell failed, as allowed") });
  expect(results(all.notebook)).toEqual(["Error", "2"]);
  const tagged = await run([["throw 1", "raises-exception"], ["2", "skip-execution"], ["3"]]);
  expect(tagged.code).toBe(0);
  expect(results(tagged.notebook)).toEqual(["Thrown", "3"]);
});

it("interrupts a cell that runs too long, and goes on only where errors are allowed", async () => {
  const cells: Source[] = [["const kept = 42"], ["while (true) {}"], ["kept"]];
  const stopped = await run(cells, "--timeout", "0.5");
  expect(stopped).toMatchObject({ code: 1, text: expect.stringContaining("ran longer than 0.5 s (--timeout)") });
  const allowed = await run(cells, "--timeout", "0.5", "--allow-errors");
  expect(allowed.code).toBe(0);
  expect(results(allowed.notebook)).toEqual(["KeyboardInterrupt", "42"]);
  expect(await run(cells, "--timeout", "soon")).toMatchObject({ code: 2, text: expect.stringContaining("above 0") });
});

it("installs a kernelspec, finds it, notices when it is broken, and removes it", async () => {
  const env = { JUPYTER_DATA_DIR: join(folder, "jupyter") };
  expect(lectern(["uninstall"], env).text).toContain("nothing to remove");
  const path = join(env.JUPYTER_DATA_DIR, "kernels/lectern/kernel.json");
  expect(lectern(["install"], env)).toMatchObject({ code: 0, text: expect.stringContaining(path) });
  const spec = JSON.parse(await readFile(path, "utf8")) as { argv: string[] };
  expect(lectern(["doctor"], env)).toMatchObject({ code: 0, text: expect.stringContaining(`✓ kernelspec ${path}`) });
  spec.argv = spec.argv.map((part) => (part.endsWith("kernel.js") ? "/nowhere/kernel.js" : part));
  await writeFile(path, JSON.stringify(spec));
  const broken = lectern(["doctor"], env);
  expect(broken.code).toBe(1);
  expect(broken.text).toMatch(/✗ kernelspec .*no kernel at "\/nowhere\/kernel.js"\n *→ lectern install/);
  expect(lectern(["uninstall"], env)).toMatchObject({ code: 0, text: expect.stringContaining(path) });
  await expect(readFile(path)).rejects.toThrow("ENOENT");
});

it("doctor says what does not work, and how to mend it", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  const { code, text } = lectern(["doctor"], { LECTERN_DATA: join(file, "data"), LECTERN_THREADS: "many" });
  expect(code).toBe(1);
  expect(text).toContain('LECTERN_THREADS: expected a whole number from 1 on, got "many"');
  expect(text).toMatch(/✗ data .*ENOTDIR.*\n *→ let LECTERN_DATA name a folder/);
});
