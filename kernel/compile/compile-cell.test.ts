import { describe, expect, it } from "vitest";
import { CellSyntaxError } from "./cell-syntax-error.ts";
import { compileCell } from "./compile-cell.ts";
import { CellPositions, PROLOGUE_COLUMNS } from "./positions.ts";

/** The scripts as they are evaluated, without the prologue and the source URL. */
function scriptsOf(cell: string): string[] {
  return compileCell(cell, "cell-1.ts").scripts.map((script) =>
    script.replace(/^"use strict";;?/, "").replace(/\n\/\/# sourceURL=cell-1\.ts$/, ""),
  );
}

const bodyOf = (cell: string): string => scriptsOf(cell).at(-1)!;

describe("compileCell", () => {
  it("turns const and var into a let of the same length, so that a name can be declared again as anything", () => {
    expect(scriptsOf("const a = 1; var b = 2; let c = 3")).toEqual(["let b;", "let   a = 1;     b = 2; let c = 3"]);
  });

  it("declares the vars of blocks and loops for the whole cell", () => {
    expect(scriptsOf("for (var i = 0; i < 3; i++) { var { j } = f(i) }")).toEqual([
      "let i,j;",
      "for (    i = 0; i < 3; i++) {  ;( { j } = f(i)) }",
    ]);
    expect(bodyOf("for (var [k] of list) ;")).toBe("for (    [k] of list) ;");
  });

  it("blanks types and keeps every position", () => {
    const cell = "const total: number = add(1, 2 as number);\ninterface P { x: number }\ntotal satisfies number";
    expect(bodyOf(cell)).toHaveLength(cell.length);
    expect(bodyOf(cell).split("\n")[0]!.indexOf("add")).toBe(cell.indexOf("add"));
  });

  it("declares functions before everything else and assigns them on their own line and column", () => {
    const [declare, hoisted, body] = scriptsOf("square(2)\nfunction square(x: number) { return x * x }");
    expect(declare).toBe("let square;");
    expect(hoisted!.split("\n")[1]).toBe("square=function(x        ) { return x * x };");
    expect(body!.split("\n")[0]).toBe("square(2)");
  });

  it("keeps async, generator and exported functions what they are", () => {
    const hoisted = scriptsOf("async function a() {}\nfunction* b() {}\nexport function c() {}")[1]!;
    expect(hoisted.split("\n").map((line) => line.trim())).toEqual([
      "a=async function() {};",
      "b=function*() {};",
      "c=function() {};",
    ]);
  });

  it("turns a class into an assignment where it stands", () => {
    expect(scriptsOf("class Net extends Base { }")).toEqual(["let Net;", ";Net=class Net extends Base { };"]);
  });

  it("does not let the statements around a hoisted function run together", () => {
    expect(bodyOf("x\nfunction f() {}\n(1)")).toMatch(/^x\n; +\n\(1\)$/);
  });

  it("rewrites imports of every form on their line, and hoists them", () => {
    const cell =
      'f()\nimport a, { b as c } from "m"\nimport * as n from "n"\nimport "s"\nimport data from "./d.json" with { type: "json" }';
    const hoisted = scriptsOf(cell)[0]!.split("\n");
    expect(hoisted[1]).toBe('let {"default":a,"b":c}=await $load_("m",["default","b"]);');
    expect(hoisted[2]).toBe('let n=await $load_("n");');
    expect(hoisted[3]).toBe('await $load_("s");');
    expect(hoisted[4]).toBe('let {"default":data}=await $load_("./d.json",["default"],{type: "json"});');
  });

  it("keeps the line count of an import that is spread over lines", () => {
    const cell = 'import {\n  a,\n  b,\n} from "m";\nthrow 1';
    for (const script of scriptsOf(cell)) expect(script.split("\n")).toHaveLength(5);
  });

  it("does not insist on imported names that the cell uses only as types", () => {
    const [hoisted] = scriptsOf(
      'import { Tensor, nn } from "lectern"; const t: Tensor = nn.x; import type { A } from "b"',
    );
    expect(hoisted).toContain('$load_("lectern",["nn"])');
    expect(hoisted).not.toContain('"b"');
  });

  it("rewrites import() wherever it stands without moving a column", () => {
    expect(bodyOf('const m = await import("m")')).toBe('let   m = await $load_("m")');
  });

  it.each([
    ["an expression at the end", "1 + 1", true],
    ["an expression with a semicolon", "model;", true],
    ["a declaration at the end", "const a = 1", false],
    ["a loop at the end", "for (const x of []) x", false],
    ["nothing", "// only a comment", false],
  ])("shows the result of a cell with %s: %s → %s", (_, cell, shows) => {
    expect(compileCell(cell, "cell-1.ts").showsResult).toBe(shows);
  });

  it("transpiles enums and parameter properties, with a source map", () => {
    const { scripts, sourceMap } = compileCell("enum Color { Red }\nColor.Red", "cell-1.ts");
    expect(scripts.at(-1)).toContain("Color || (Color = {})");
    expect(JSON.parse(sourceMap!)).toMatchObject({ version: 3, sources: ["cell-1.ts"] });
  });

  it("says line and column of a syntax error", () => {
    const compile = () => compileCell("const a = 1;\nconst b = ;", "cell-1.ts");
    expect(compile).toThrow(CellSyntaxError);
    expect(compile).toThrow(expect.objectContaining({ line: 2, column: 11, message: "Expression expected." }));
  });

  it("takes code of a module: what it exports is a declaration or a value", () => {
    expect(bodyOf("export const a = 1;\nexport { a }").trim()).toBe("let   a = 1;");
    expect(bodyOf("export default 5").trim()).toBe("5");
    expect(bodyOf("export default function () {}").trim()).toBe("(function () {});");
    expect(() => compileCell('export * from "m"', "cell-1.ts")).toThrow("write import");
  });

  it.each([
    ["{ x: 1 }", "({ x: 1 })"],
    ["// a comment\n{ x: 1, y: 2 };", "(// a comment\n{ x: 1, y: 2 })"],
    ["{ x: 1 as number }", "({ x: 1           })"],
    ["{}", "({})"],
    ["{ let x = 1; f(x) }", "{ let x = 1; f(x) }"],
  ])("takes %j for an object if it can be one", (cell, script) => {
    expect(bodyOf(cell)).toBe(script);
  });

  it("registers what ends with the cell", () => {
    expect(bodyOf("using f = open();")).toBe("let   f = $use_(open());");
    expect(bodyOf("await using f = open();")).toBe("      let   f = $use_(open(),true);");
  });

  it.each([
    ["return 5", "return outside of a function", 1],
    ["const x = <div>hi</div>", "JSX is not supported", 11],
  ])("says clearly why %j cannot be a cell", (cell, message, column) => {
    expect(() => compileCell(cell, "cell-1.ts")).toThrow(
      expect.objectContaining({ column, message: expect.stringContaining(message) }),
    );
  });

  it("tells the column in the cell of a place behind something that was inserted", () => {
    const cell = "let s = 0; for (let i = 0; i < 9; i++) s += nope.x;\nclass A {} s; class B { static b = nope }";
    const compiled = compileCell(cell, "cell-1.ts");
    const lines = compiled.scripts.at(-1)!.split("\n");
    const positions = new CellPositions(compiled);
    for (const [line, text] of cell.split("\n").entries()) {
      const found = positions.toCell({ line: line + 1, column: lines[line]!.lastIndexOf("nope") + 1 });
      expect(found).toEqual({ line: line + 1, column: text.lastIndexOf("nope") + 1 });
    }
    expect(lines[0]).toContain("$stop_");
  });

  it("puts a prologue of known width before the first line", () => {
    expect(compileCell("x", "cell-1.ts").scripts[0]!.indexOf("x")).toBe(PROLOGUE_COLUMNS);
  });
});
