// The lectures, each executed from the first cell to the last. Their numbers are asserted in their own cells, so that a run
// without an error is most of the proof; here it is seen that they ran, drew and printed.

import { readdir } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { type Notebook, toText } from "../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../kernel/notebook/notebook-file.ts";
import { figuresOf, outputsOf, printedBy, runNotebook } from "./run-notebook.ts";

interface Lecture {
  readonly figures: number;
  readonly prints: readonly RegExp[];
}

const LECTURES: Readonly<Record<string, Lecture>> = {
  "01-perceptron.ipynb": {
    figures: 15,
    prints: [/setosa or not: 150 of 150 right/, /w = tensor\(\[-11\.294\d, +7\.414\d, +7\.414\d\]\), E = 0\.017414/],
  },
  "02-mlp-and-backprop.ipynb": {
    figures: 14,
    prints: [
      /matmul: inner sizes differ, lhs \[2, 3\], rhs \[4, 3\]/,
      /outputs tensor\(\[0\.5631, 0\.5194\]\) → tensor\(\[0\.5922, 0\.4834\]\)/,
      /∂E\/∂W1\[0\]\[0\]: numerically -0\.011854185/,
      /2-3-3-1 tanh: 12 of 12 solved/,
    ],
  },
  "10-lstm-and-gru.ipynb": {
    figures: 4,
    prints: [/LSTM, bias 2: \d+\.\d % of the last 25 batches/, /ln 28 = 3\.332/, /temperature 0\.5: .+, /],
  },
};

describe.each(Object.entries(LECTURES))("%s", (name, { figures, prints }) => {
  let notebook: Notebook;
  beforeAll(async () => {
    ({ notebook } = await runNotebook(name));
  });

  it("runs every cell without an error", () => {
    const code = notebook.cells.flatMap((cell) => (cell.cell_type === "code" ? [cell] : []));
    expect(code.map((cell) => cell.execution_count)).toEqual(code.map((_, index) => index + 1));
    expect(outputsOf(notebook).filter(({ output_type }) => output_type === "error")).toEqual([]);
  });

  it("draws its figures for Plotly, with a PNG and a text to fall back on", () => {
    expect(figuresOf(notebook).length).toBeGreaterThanOrEqual(figures);
    for (const figure of figuresOf(notebook)) {
      expect(Buffer.from(String(figure["image/png"]), "base64").subarray(1, 4).toString()).toBe("PNG");
      expect(toText(figure["text/plain"] as string[]).length).toBeGreaterThan(0);
    }
  });

  it.each(prints)("prints %s", (line) => {
    expect(printedBy(notebook)).toMatch(line);
  });

  it("stays small enough for a repository", () => {
    expect(JSON.stringify(notebook).length).toBeLessThan(6_000_000);
  });
});

describe("the stored notebooks", () => {
  it("have no outputs and no execution counts, and a name for each cell", async () => {
    const names = (await readdir("notebooks")).filter((name) => name.endsWith(".ipynb"));
    expect(names).toEqual(expect.arrayContaining(Object.keys(LECTURES)));
    for (const name of names) {
      const { cells } = await readNotebook(`notebooks/${name}`);
      expect(new Set(cells.map(({ id }) => id)).size, name).toBe(cells.length);
      for (const cell of cells)
        if (cell.cell_type === "code") expect(cell, name).toMatchObject({ outputs: [], execution_count: null });
    }
  });
});
