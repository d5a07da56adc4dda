// The lecture "LeNet-5" as `npm start` runs it: trained, drawn, saved.

import { spawn, spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Notebook, toText } from "../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../kernel/notebook/notebook-file.ts";
import { figuresOf, printedBy, runNotebook } from "./run-notebook.ts";

let folder: string;
let notebook: Notebook;
let terminal: string;

beforeAll(async () => {
  ({ folder, notebook, terminal } = await runNotebook("06-lenet-5.ipynb"));
});

describe("06-lenet-5.ipynb", () => {
  it("reaches 97 % test accuracy", () => {
    const accuracy = Number(/Test accuracy (\d+\.\d+) %/.exec(printedBy(notebook))?.[1]);
    expect(accuracy).toBeGreaterThanOrEqual(97);
  });

  it("draws every figure for Plotly, with a PNG and a text to fall back on", () => {
    expect(figuresOf(notebook).length).toBeGreaterThanOrEqual(4);
    for (const figure of figuresOf(notebook)) {
      expect(Buffer.from(String(figure["image/png"]), "base64").subarray(1, 4).toString()).toBe("PNG");
      expect(toText(figure["text/plain"] as string[]).length).toBeGreaterThan(0);
    }
  });

  it("saves the trained weights as safetensors: 61,706 parameters under PyTorch's names", async () => {
    const bytes = await readFile(join(folder, "out/lenet-5.safetensors"));
    const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString()) as Record<
      string,
      { shape?: number[] }
    >;
    const shapes = Object.entries(header).flatMap(([name, { shape }]) => (shape ? [[name, shape] as const] : []));
    expect(Object.fromEntries(shapes)["c1.weight"]).toEqual([6, 1, 5, 5]);
    const parameters = shapes.reduce((sum, [, shape]) => sum + shape.reduce((a, b) => a * b, 1), 0);
    expect(parameters).toBe(61_706);
  });

  it("tells the terminal the progress, the accuracy, the files and how to open the notebook", () => {
    expect(terminal).toMatch(/epoch \d\/5 .* batch \d+\/\d+ · loss \d\.\d+ · accuracy \d+\.\d %/);
    expect(terminal).toContain("Test accuracy");
    expect(terminal).toContain("lenet-5.safetensors");
    expect(terminal).toMatch(/Open it in VS Code.*code .*06-lenet-5\.ipynb/);
  });
});

describe("lectern run", () => {
  const write = (cells: readonly string[]) => {
    const text = JSON.stringify({
      cells: cells.map((source, i) => ({
        cell_type: "code",
        id: `c${i}`,
        metadata: {},
        source,
        execution_count: null,
        outputs: [],
      })),
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    });
    const path = join(folder, "small.ipynb");
    return writeFile(path, text).then(() => path);
  };

  it("stops at an error with exit code 1, and writes what it has", async () => {
    const path = await write(["console.log('one')", "throw new Error('two')", "console.log('three')"]);
    const output = join(folder, "small.out.ipynb");
    const { status, stdout } = spawnSync("node", ["dist/lectern.js", "run", path, "-o", output], { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stdout).toContain("Cell 2, line 1, column 7");
    const { cells } = await readNotebook(output);
    expect(cells.map((cell) => cell.cell_type === "code" && cell.outputs.map((o) => o.output_type))).toEqual([
      ["stream"],
      ["error"],
      [],
    ]);
  });

  it("can be stopped with Ctrl-C, and writes what it has", async () => {
    const path = await write(["console.log('running'); while (true) {}"]);
    const output = join(folder, "stopped.ipynb");
    const child = spawn("node", ["dist/lectern.js", "run", path, "-o", output], {
      stdio: ["ignore", "pipe", "inherit"],
      detached: true,
    });
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      if (/^running/m.test(text)) process.kill(-child.pid!, "SIGINT"); // to the whole group, as a terminal does
    });
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(130);
    const [cell] = (await readNotebook(output)).cells;
    expect(cell).toMatchObject({
      outputs: [{ output_type: "stream" }, { output_type: "error", ename: "KeyboardInterrupt" }],
    });
  });

  it("says in one line what is wrong with a file, with exit code 2", () => {
    const { status, stderr } = spawnSync("node", ["dist/lectern.js", "run", join(folder, "nowhere.ipynb")], {
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^lectern: ENOENT.*nowhere\.ipynb.*\n$/);
  });
});
