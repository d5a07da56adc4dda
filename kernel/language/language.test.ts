// The language service of a notebook, without the thread around it. Needs `npm run build`, for the declarations.

import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { CodeLocation } from "#protocol";
import { Language } from "./language.ts";
import { typeFilesIn } from "./types/type-files.ts";

const types = resolve("dist/types");
if (!existsSync(join(types, "lectern"))) throw new Error("dist/types is missing: run `npm run build` first");

/** TypeScript with all declarations takes a second to start: cells of different tests share one. */
const folder = mkdtempSync(join(tmpdir(), "lectern-language-"));
const language = new Language({ folder, files: typeFilesIn(types) });
const { answers } = language;

const execute = (text: string, isChecked = false) => language.execute({ execution: 0, text, isChecked });

let texts: string[] = [];
function notebook(...cells: string[]): void {
  texts = cells;
  answers.notebook({ cells: cells.map((text, index) => ({ cell: `cell ${index}`, text })) });
}

/** The position behind `marker` in a cell; by default its end. */
const at = (index: number, marker?: string) => {
  const text = texts[index]!;
  return { cell: `cell ${index}`, offset: marker === undefined ? text.length : text.indexOf(marker) + marker.length };
};
const names = (index: number, marker?: string) => (answers.completion(at(index, marker)) ?? []).map(({ name }) => name);
const hover = (index: number, marker?: string) => answers.hover(at(index, marker))?.signature;
const errors = (index: number) =>
  (answers.diagnostics({ cell: `cell ${index}` }) ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message, line }) => `${line}: ${message}`);
const written = (locations: readonly CodeLocation[] | null) =>
  (locations ?? []).map((location) =>
    "cell" in location
      ? `${location.cell}: ${texts[Number(location.cell.slice(5))]!.slice(location.start, location.start + location.length)} ${location.start}`
      : location.path,
  );

beforeEach(() => {
  language.restart();
  notebook();
});

describe("names in notebook order", () => {
  it("means the nearest cell above that declares a name", () => {
    notebook("const x = 1", 'const x = "text"', "x", "const x = true");
    expect(hover(2)).toBe('const x: "text"');
  });

  it("means a cell below, where none above declares the name", () => {
    notebook("later", "const later = 1n");
    expect(hover(0)).toBe("const later: 1n");
  });

  it("means what was executed, where no cell of the notebook declares the name", () => {
    execute("const gone = [1, 2]");
    notebook("gone");
    expect(hover(0)).toBe("const gone: number[]");
    language.restart();
    notebook("gone ");
    expect(errors(0)).toEqual(["1: Cannot find name 'gone'."]);
  });

  it.each([
    ["const after function", "function f() { return 1 }", "const f = 2", "const f: 2"],
    ["function after const", "const f = 2", "function f() { return 1 }", "function f(): number"],
    ["class after let", "let f = 2", "class f {}", "class f"],
    ["type after class", "class f {}", "type f = number", "type f = number"],
    ["enum after interface", "interface f {}", "enum f { A }", "enum f"],
  ])("lets a name be declared again as anything: %s", (_, first, second, signature) => {
    notebook(first, second, second.startsWith("type") ? "let y: f" : "f");
    expect(hover(2)).toBe(signature);
    expect([...errors(0), ...errors(1), ...errors(2)]).toEqual([]);
  });

  it("lets types, interfaces, enums and namespaces flow to later cells", () => {
    notebook(
      "interface Point { readonly x: number }\ntype Two = [Point, Point]",
      "enum Color { Red }\nnamespace Shapes { export const side = 2 }",
      "const line: Two = [{ x: 1 }, { x: Shapes.side }]; const c: Color = Color.Red",
    );
    expect(errors(2)).toEqual([]);
    expect(hover(2, "const lin")).toBe("const line: Two");
  });

  it("sees what earlier cells have imported", () => {
    notebook(
      'import { nn, type Tensor } from "lectern"\nimport * as path from "node:path"',
      "new nn.Linear(2, 3)\npath.join",
    );
    expect(errors(1)).toEqual([]);
    expect(hover(1, "Linear")).toMatch(/^new Linear\(inFeatures: number, outFeatures: number/);
    expect(hover(1)).toContain("join(...paths: string[]): string");
  });

  it("sees destructured names and `var` in blocks, and not what is inside functions", () => {
    notebook(
      "const { a, b: [c] } = { a: 1, b: [2] }\nif (a) { var d = 3 }\nfunction g() { var e = 4 }",
      "[a, c, d, e]",
    );
    expect(errors(1)).toEqual(["1: Cannot find name 'e'."]);
  });

  it("follows a cell's new text", () => {
    notebook("const size = 1", "size");
    expect(hover(1)).toBe("const size: 1");
    answers.cell({ cell: "cell 0", text: 'const size = "large"' });
    expect(hover(1)).toBe('const size: "large"');
  });

  it("follows cells that move and go", () => {
    notebook("const size = 1", 'const size = "large"', "size");
    answers.notebook({
      cells: [
        { cell: "cell 2", text: "size" },
        { cell: "cell 0", text: "const size = 1" },
      ],
    });
    expect(answers.hover({ cell: "cell 2", offset: 2 })?.signature).toBe("const size: 1");
  });

  it("has no answer for a cell that it does not know", () => {
    expect(answers.hover({ cell: "elsewhere", offset: 0 })).toBeNull();
  });
});

describe("names in execution order", () => {
  const consoleHover = (text: string) => {
    const place = language.console(text, text.length);
    return place.service.getQuickInfoAtPosition(place.module.fileName, place.module.toModuleOffset(text.length - 1));
  };

  it("means what the latest executed cell declared", () => {
    execute("const x = 1");
    execute('const x = "second"');
    expect(
      consoleHover("x")
        ?.displayParts?.map(({ text }) => text)
        .join(""),
    ).toContain('const x: "second"');
  });

  it("keeps what a name meant in a cell that used it, although it was declared again", () => {
    execute("const x = 1");
    execute("const y = x");
    execute('const x = "second"');
    expect(language.check("y.toFixed(2)")).toEqual([]);
    expect(language.check("x.toFixed(2)")).toMatchObject([{ line: 1, code: 2551 }]);
  });

  it("checks a cell that was executed as it was then", () => {
    execute("let n: number");
    expect(execute("n = 1\nconst s: string = n", true)).toMatchObject([
      { line: 2, message: "Type 'number' is not assignable to type 'string'.", severity: "error" },
    ]);
  });
});

describe("diagnostics", () => {
  it.each([
    [
      "top-level await and for await",
      "await 1; for await (const x of [1]) x; await using y = { async [Symbol.asyncDispose]() {} }",
    ],
    ["an object as a whole cell", "{ x: 1, y: [2] }"],
    ["the last result", "_.anything"],
    [
      "what Node has",
      'console.log(performance.now(), await fetch("x"), setTimeout, process.cwd(), structuredClone(1), Buffer)',
    ],
    ["an import of a type without `type`", 'import { Tensor, tensor } from "lectern"; const t: Tensor = tensor([1])'],
    ["sketches: no types, no checks for undefined", "function f(x) { return [x].find(Boolean).name }"],
    ["questions to the person", 'const s: string = prompt("name?"); if (confirm("sure?")) alert(s);'],
    [
      "tslab's module",
      'import { display, newDisplay, versions } from "tslab"; display.html("<b>"); newDisplay().text(versions.tslab);',
    ],
    ["a front end", 'import { clearOutput, comms, page } from "lectern"; clearOutput(); page("x"); comms;'],
    ["what CommonJS has", 'require("node:fs"); __dirname; import.meta.dirname;'],
    ["names that nobody uses", 'import { nn } from "lectern"; const unused = 1'],
    ["a namespace import of Node", 'import fs, { readFileSync } from "node:fs"; fs.existsSync("x"); readFileSync("x")'],
  ])("has nothing against %s", (_, text) => {
    notebook(text);
    expect(errors(0)).toEqual([]);
  });

  it("says line, range and message of a type error", () => {
    notebook("const half = 0.5", "// a comment\nconst s: string = half");
    expect(answers.diagnostics({ cell: "cell 1" })).toMatchObject([
      { line: 2, start: 19, length: 1, code: 2322, message: "Type 'number' is not assignable to type 'string'." },
    ]);
  });

  it("lets a variable of an earlier cell be assigned to, and a constant not", () => {
    notebook("let n = 1; const c = 2", "n = 3; n++; c = 4");
    expect(errors(1)).toEqual(["1: Cannot assign to 'c' because it is a constant."]);
  });

  it("says nothing of the lines that it puts around a cell", () => {
    notebook("const a = (", "a");
    expect(errors(0)).toEqual(["1: Expression expected."]);
    expect(errors(1)).toEqual([]);
  });

  it("has no window and no document", () => {
    notebook("document.title");
    expect(errors(0)).toEqual([expect.stringContaining("Cannot find name 'document'")]);
  });

  it("marks what is deprecated", () => {
    notebook("/** @deprecated use g */ function f() {}", "f()");
    expect(answers.diagnostics({ cell: "cell 1" })).toMatchObject([
      { severity: "hint", isDeprecation: true, length: 1 },
    ]);
  });
});

describe("completion", () => {
  it("offers members of a value of another cell, with kinds", () => {
    notebook('import { tensor } from "lectern"\nconst t = tensor([1, 2])', "t.");
    const found = answers.completion(at(1))!;
    expect(found).toContainEqual(expect.objectContaining({ name: "reshape", kind: "method", start: 2, length: 0 }));
    expect(found).toContainEqual(expect.objectContaining({ name: "shape", kind: "property" }));
    expect(found.map(({ name }) => name)).not.toContain("tensor");
  });

  it("offers names of other cells once, and replaces the word that is there", () => {
    notebook("const learningRate = 0.1", "learn", "const learningRate = 2");
    const found = answers.completion(at(1))!.filter(({ name }) => name === "learningRate");
    expect(found).toEqual([expect.objectContaining({ start: 0, length: 5 })]);
  });

  it("says of names of other cells what they are there", () => {
    notebook(
      "const a1 = 1; let a2 = 2\nfunction a3() {}\nclass a4 {}\nenum a5 {}\ntype a6 = 1\nimport * as a7 from 'node:fs'",
      "a",
    );
    const kinds = Object.fromEntries(answers.completion(at(1))!.map(({ name, kind }) => [name, kind]));
    expect(kinds).toMatchObject({ a1: "const", a2: "let", a3: "function", a4: "class", a5: "enum", a7: "module" });
  });

  it("explains a name: signature and doc comment", () => {
    notebook("/** Halves a number. */\nfunction half(x: number) { return x / 2 }", "hal");
    expect(answers.completionDetails({ ...at(1), name: "half" })).toEqual({
      signature: "function half(x: number): number",
      documentation: "Halves a number.",
      edits: [],
    });
  });

  it("offers names of lectern that no cell has imported, with the import to write", () => {
    notebook("const a = 1", "const t = tens");
    const [tensor, ...more] = answers.completion(at(1))!.filter(({ name }) => name === "tensor");
    expect(tensor).toMatchObject({ source: "lectern", kind: "function", start: 10, length: 4 });
    expect(more).toEqual([]);
    const details = answers.completionDetails({ ...at(1), name: "tensor", source: "lectern" })!;
    expect(details.signature).toMatch(/^function tensor\(/);
    expect(details.documentation).not.toBe("");
    expect(details.edits).toEqual([{ start: 0, length: 0, text: 'import { tensor } from "lectern";\n' }]);
  });

  it("adds to an import that the cell has", () => {
    notebook('import { nn } from "lectern";\ntens');
    const { edits } = answers.completionDetails({ ...at(0), name: "tensor", source: "lectern" })!;
    expect(edits).toEqual([{ start: 11, length: 0, text: ", tensor" }]);
  });

  it("offers nothing to import where a member or a key is written, or where the name is in sight", () => {
    notebook('import { tensor } from "lectern"', "tens", "Math.", "const o = { te", "globalThis.");
    const sources = [1, 2, 3, 4].map(
      (index) => (answers.completion(at(index)) ?? []).filter(({ name, source }) => source && name === "tensor").length,
    );
    expect(sources).toEqual([0, 0, 0, 0]);
  });

  it("offers what a module exports inside an import's braces", () => {
    notebook('import { ma } from "lectern"');
    expect(names(0, "{ ma")).toContain("matmul");
  });

  it("offers files of the notebook's folder in a path", () => {
    writeFileSync(join(folder, "dataset.ts"), "export const rows = 3");
    notebook('import { rows } from "./da"\nrows', 'import { rows } from "./dataset.ts"\nrows');
    expect(names(0, "./da")).toEqual(["dataset.ts"]);
    expect(hover(1)).toContain("const rows: 3");
  });
});

describe("signature help", () => {
  it("names the parameter that is being written, with its documentation", () => {
    notebook(
      "/** Adds.\n * @param a the first\n * @param b the second */\nfunction add(a: number, b: number) { return a + b }",
      "add(1, ",
    );
    const help = answers.signatureHelp(at(1))!;
    expect(help).toMatchObject({ activeParameter: 1, activeSignature: 0 });
    expect(help.signatures).toMatchObject([
      {
        label: "add(a: number, b: number): number",
        documentation: "Adds.",
        parameters: [{}, { documentation: "the second" }],
      },
    ]);
    const [, second] = help.signatures[0]!.parameters;
    expect(help.signatures[0]!.label.slice(...second!.label)).toBe("b: number");
  });
});

describe("definition and rename", () => {
  it("finds the declaration in another cell", () => {
    notebook("const a = 1\nfunction train() {}", "train()");
    expect(written(answers.definition(at(1, "tra")))).toEqual(["cell 0: train 21"]);
  });

  it("finds the declaration of a library's name in its declarations", () => {
    notebook('import { tensor } from "lectern"', "tensor([1])");
    expect(written(answers.definition(at(1, "tens")))).toEqual([
      expect.stringContaining(join(types, "lectern", "engine")),
    ]);
  });

  it("renames in every cell that means the same, and in no other", () => {
    notebook("let rate = 1", "rate * rate", 'const rate = "other"', "rate", "// rate");
    expect(answers.renamed(at(1, "rat"))).toEqual({ start: 0, length: 4, name: "rate" });
    expect(written(answers.rename(at(1, "rat")))?.sort()).toEqual([
      "cell 0: rate 4",
      "cell 1: rate 0",
      "cell 1: rate 7",
    ]);
  });

  it("renames behind characters of two code units", () => {
    notebook('const 𝑥 = "😀"; const rate = 1', '"😀😀"; rate');
    expect(written(answers.rename(at(1)))).toEqual(["cell 1: rate 8", "cell 0: rate 23"]);
  });

  it("refuses to rename what a library declares", () => {
    notebook('import { tensor } from "lectern"', "tensor([1])");
    expect(() => answers.renamed(at(1, "tens"))).toThrow(
      "tensor is declared by a library, and cannot be renamed here.",
    );
  });
});

describe("hover", () => {
  it("shows the doc comment of a library's name, examples as code", () => {
    notebook('import { tensor } from "lectern"\ntensor');
    expect(answers.hover(at(0))!.documentation).toMatch(/```ts\n[\s\S]*tensor\(/);
  });

  it("ranges over the name", () => {
    notebook("const value = 1; value");
    expect(answers.hover(at(0))).toEqual({ start: 17, length: 5, signature: "const value: 1", documentation: "" });
  });
});
