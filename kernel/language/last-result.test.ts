// What `_` is to the language service: what it is when the cell runs (kernel/evaluate/last-result.ts), with its type.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { completeReply } from "./console/console-replies.ts";
import { Language } from "./language.ts";
import { typeFilesIn } from "./types/type-files.ts";

const folder = mkdtempSync(join(tmpdir(), "lectern-last-result-"));
const language = new Language({ folder, files: typeFilesIn(resolve("dist/types")) });

let execution = 0;
function begin(text: string): number {
  language.execute({ execution: ++execution, text, isChecked: false });
  return execution;
}
const end = (of: number, hasResult: boolean) => language.ended({ execution: of, hasResult });
/** A cell that runs to its end. */
const run = (text: string, hasResult = true) => end(begin(text), hasResult);

/** What `_` is in a cell of the notebook. */
function typeOfLast(text = "_"): string | undefined {
  language.answers.notebook({ cells: [{ cell: "a", text }] });
  return language.answers.hover({ cell: "a", offset: text.lastIndexOf("_") })?.signature;
}
const matches = (text: string) => completeReply(language.console(text, text.length), text.length).matches;

beforeEach(() => language.restart());

describe("the last result", () => {
  it("is any before a cell had one, and after a restart", () => {
    expect(typeOfLast()).toBe("var _: any");
    run("1");
    expect(typeOfLast()).toBe("let _: number");
    language.restart();
    expect(typeOfLast()).toBe("var _: any");
  });

  it.each([
    ["a tensor of an earlier cell", "t.sum()", "let _: Tensor"],
    ["an object in braces", "{ x: 1, y: [2] }", "let _: {\n    x: number;\n    y: number[];\n}"],
    ["what a promise resolves to", "Promise.resolve('a')", "let _: string"],
    ["what is awaited", "await fetch('x')", "let _: Response"],
    ["what export default names", "export default [1n]", "let _: bigint[]"],
    ["the last expression before types", "7; // seven\ninterface Late { x: 1 }", "let _: number"],
    ["a function", "(x: number) => x + 1", "let _: (x: number) => number"],
    ["null", "null as null | Date", "let _: Date"],
  ])("is %s", (_, cell, type) => {
    run('import { tensor } from "lectern"\nconst t = tensor([1])', false);
    run(cell);
    expect(typeOfLast()).toBe(type);
    expect(language.check("_ satisfies unknown")).toEqual([]);
  });

  it("completes and is checked, in consoles and in the notebook", () => {
    run('import { tensor } from "lectern"\ntensor([1])');
    expect(matches("_.resh")).toContain("reshape");
    expect(language.check("_.reshapes([1])")).toMatchObject([{ line: 1, code: 2551 }]);
    language.answers.notebook({ cells: [{ cell: "a", text: "_." }] });
    expect(language.answers.completion({ cell: "a", offset: 2 })?.map(({ name }) => name)).toContain("reshape");
  });

  it("stays when a cell has none, or fails", () => {
    run("'kept'");
    run("const later = 1", false);
    run("console.log(later)", false);
    run("throw new Error()", false);
    expect(typeOfLast()).toBe("let _: string");
  });

  it("is that of the cell that ended last, and not of one that still runs", () => {
    const slow = begin("await 1");
    run("'quick'");
    expect(typeOfLast()).toBe("let _: string");
    end(slow, true);
    expect(typeOfLast()).toBe("let _: number");
  });

  it("follows itself", () => {
    run("[1]");
    run("_[0]");
    run("String(_)");
    expect(typeOfLast()).toBe("let _: string");
  });

  it("is what it was when a cell took it", () => {
    run("[1]");
    run("const first = _", false);
    run("'other'");
    expect(language.check("first.push(2)")).toEqual([]);
  });

  it("keeps its type when its names are declared again", () => {
    run("const x = [1]; x");
    run("const x = 'text'", false);
    expect(language.check("_.push(2)")).toEqual([]);
  });

  it("is any where TypeScript finds no expression, although there was a value", () => {
    run("1");
    run("if (true) { 5 }");
    expect(typeOfLast()).toBe("var _: any");
  });

  it("belongs to a cell that declares it", () => {
    run("1");
    run("const _ = 'mine'", false);
    run("2");
    expect(typeOfLast()).toBe('const _: "mine"');
  });

  it.each(["_ = 'mine'", "[_, x] = [1, 2]", "_ += 1", "for (_ of [1]);", "_++"])("is any for good after %s", (cell) => {
    run("let x = 1; 1");
    expect(language.check(cell)).toEqual([]);
    run(cell);
    run("2");
    expect(typeOfLast()).toBe("var _: any");
  });

  it("is not meant by a parameter of that name", () => {
    run("1");
    run("const twice = [1].map((_, index) => index)", false);
    expect(language.console("[1].map((_, i) => i)", 0).module.moduleText).not.toContain(" as _");
    expect(typeOfLast("[1].map((_) => 'x' + _)")).toBe("(parameter) _: number");
  });

  it("cannot be renamed", () => {
    run("1");
    expect(typeOfLast()).toBe("let _: number");
    expect(() => language.answers.renamed({ cell: "a", offset: 0 })).toThrow(
      "_ is the last result and cannot be renamed: declare a name for it.",
    );
  });

  it("has no type without end: a thousand cells that each need the one before stay few", () => {
    run("0");
    for (let cell = 0; cell < 1000; cell++) run("_ + 1");
    expect(typeOfLast()).toBe("let _: any");
    const program = language.console("_", 1).service.getProgram()!;
    const executed = program.getSourceFiles().filter(({ fileName }) => fileName.includes("lectern-run-"));
    expect(executed.length).toBeLessThan(110);
  });
});
