import { expect, it } from "vitest";
import type { CodeCell, Notebook } from "../notebook/nbformat.ts";
import { injectParameters, ParameterError, parseParameter } from "./cell-parameters.ts";

const code = (source: string, ...tags: string[]): CodeCell => ({
  cell_type: "code",
  id: source.length.toString(),
  metadata: { tags },
  source,
  execution_count: null,
  outputs: [],
});
const notebook = (...cells: CodeCell[]): Notebook => ({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
const sources = ({ cells }: Notebook) => cells.map(({ source }) => source);

it.each([
  ["epochs=3", 3],
  ["epochs=1e-3", 1e-3],
  ["epochs=true", true],
  ["epochs=[1, 2]", [1, 2]],
  ['epochs="3"', "3"],
  ["epochs=adam", "adam"],
  ["epochs=a=b", "a=b"],
  ["epochs=", ""],
])("reads %s", (argument, value) => {
  expect(parseParameter(argument)).toEqual({ epochs: value });
});

it.each(["epochs", "=3", "2x=3", "a-b=1"])("refuses %s", (argument) => {
  expect(() => parseParameter(argument)).toThrow(ParameterError);
});

it("puts a cell of values behind the cell of defaults", () => {
  const source = notebook(code("1"), code("let epochs = 5, name = 'a';", "parameters"), code("epochs"));
  const injected = injectParameters(source, { epochs: 3, name: "b" });
  expect(sources(injected)).toEqual(["1", "let epochs = 5, name = 'a';", 'let epochs = 3;\nlet name = "b";', "epochs"]);
  expect(injected.cells[2]?.metadata).toEqual({ tags: ["injected-parameters"] });
});

it("replaces what an earlier run has injected", () => {
  const once = injectParameters(notebook(code("let epochs = 5", "parameters"), code("epochs")), { epochs: 3 });
  expect(sources(injectParameters(once, { epochs: 4 }))).toEqual(["let epochs = 5", "let epochs = 4;", "epochs"]);
});

it("refuses a name that the defaults do not declare, and a notebook without defaults", () => {
  const source = notebook(code("let epochs = 5", "parameters"));
  expect(() => injectParameters(source, { epoch: 3 })).toThrow(
    '-p epoch: the cell tagged "parameters" does not declare epoch',
  );
  expect(() => injectParameters(notebook(code("1")), { epochs: 3 })).toThrow('no cell is tagged "parameters"');
});
