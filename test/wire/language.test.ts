// The whole of the language in cells: what V8's REPL mode alone does not do, what TypeScript adds, and what is refused with a reason.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestKernel, type TestKernel } from "./real-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel[Symbol.asyncDispose]());

describe("a cell gives", () => {
  it.each([
    ["an object in braces", "{ x: 1, y: [2] }", "{ x: 1, y: [ 2 ] }"],
    ["an object with a type and a semicolon", "{ x: 1 as number };", "{ x: 1 }"],
    ["nothing for a block", "{ let x = 1; x }", undefined],
    ["its last expression, semicolon or not", "5;", "5"],
    ["its last expression before types", "7\ninterface Late { x: 1 }", "7"],
    ["nothing for undefined", "undefined", undefined],
    ["null", "null", "null"],
    ["what a promise resolves to", "Promise.resolve(8)", "8"],
    ["nothing for a comment", "// only this", undefined],
    ["nothing for nothing", "", undefined],
    ["what follows a shebang", "#!/usr/bin/env node\n9", "9"],
    ["what follows a directive", '"use strict"; 10', "10"],
    ["what export default names", "export default 11", "11"],
    ["what awaits an object", "await { then(r: (n: number) => void) { r(12) } }", "12"],
    ["what awaits brackets", "(await [13])[0]", "13"],
    ["a sum over a generator", "let g = 0; for (const x of (function* () { yield* [1, 2] })()) g += x; g", "3"],
    ["a sum over for await", "let h = 0; for await (const x of [Promise.resolve(4)]) h += x; h", "4"],
    ["what labels leave", "let l = 0; out: for (;;) { for (;;) { l++; if (l > 2) break out; continue out } } l", "3"],
    ["getters and private names", "new (class { #x = 5; get x() { return this.#x } })().x", "5"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the cell's.
    ["templates in templates", "`a${`b${1}`}`", "'ab1'"],
    ["a regular expression with brackets", "/[/\\]]/.test('/')", "true"],
    ["an assertion in angle brackets", 'let angle = <string>("x"); angle', "'x'"],
    ["a generic arrow", "const id = <T,>(x: T): T => x; id(6)", "6"],
    ["what overloads implement", "function o(a: string): 1; function o(a: any) { return 7 }\no('')", "7"],
    ["parameter properties", "class P { constructor(readonly x: number) {} }\nnew P(8).x", "8"],
    ["merged namespaces", "namespace M { export const a = 1 }\nnamespace M { export const b = a + 1 }\nM.b", "2"],
    ["a class and its namespace", "class C { static a = 1 }\nnamespace C { export const b = 2 }\nC.a + C.b", "3"],
    ["accessors", "class A { accessor v = 9 }\nnew A().v", "9"],
    [
      "decorators with metadata",
      "const tag = (_: unknown, c: DecoratorContext) => { c.metadata.kind = c.kind };\nclass D { @tag m() {} }\n(D as any)[Symbol.metadata].kind",
      "'method'",
    ],
    [
      "mutual recursion above the declarations",
      "const e = even(5);\nfunction even(n) { return n === 0 || odd(n - 1) }\nfunction odd(n) { return n !== 0 && even(n - 1) }\ne",
      "false",
    ],
    ["what brackets on a new line belong to", "let br = 1\nvar [first] = [2]\n;[br] = [first]\nbr", "2"],
    ["var twice", "var twice = 1; var twice = twice + 1; twice", "2"],
    [
      "import.meta",
      "[import.meta.dirname === __dirname, import.meta.url.endsWith('/notebook.ts'), import.meta.resolve('node:fs')]",
      "[ true, true, 'node:fs' ]",
    ],
    ["require", 'require("node:path").basename(__filename)', "'notebook.ts'"],
    ["import = require", 'import p = require("node:path"); p.sep', "'/'"],
  ])("%s", async (_, cell, result) => {
    const ran = await kernel.run(cell);
    expect(ran.error).toBe("");
    expect(ran.result).toBe(result);
  });

  it("its last result as _, until the user has another _", async () => {
    await kernel.run("{ six: 6 }");
    await kernel.run("console.log('no result')");
    expect((await kernel.run("_.six")).result).toBe("6");
    expect((await kernel.run("_ + 1")).result).toBe("7");
    await kernel.run("const _ = 'mine'");
    await kernel.run("8");
    expect((await kernel.run("_")).result).toBe("'mine'");
  });

  it("names that node's modules have, unless it declares them", async () => {
    expect((await kernel.run('const require = 1, __dirname = "here"; [require, __dirname]')).result).toBe(
      "[ 1, 'here' ]",
    );
  });

  it("types to later cells, where they are erased", async () => {
    await kernel.run("interface Point { x: number }\ntype Pair<T> = [T, T];");
    expect((await kernel.run("const pair: Pair<Point> = [{ x: 1 }, { x: 2 }]; pair[1].x")).result).toBe("2");
  });
});

describe("using", () => {
  const open = (name: string) => `{ [Symbol.dispose]() { console.log("close ${name}") } }`;

  it("closes at the end of the cell, last opened first, after its result", async () => {
    const { stdout, result } = await kernel.run(`using a = ${open("a")};
await using b = { async [Symbol.asyncDispose]() { await null; console.log("close b") } };
console.log("open"); 5`);
    expect(stdout).toBe("open\nclose b\nclose a\n");
    expect(result).toBe("5");
  });

  it("closes also when the cell fails, and in blocks at once", async () => {
    const failed = await kernel.run(`using a = ${open("a")}; { using b = ${open("b")} }; throw new Error("fails")`);
    expect(failed.stdout).toBe("close b\nclose a\n");
    expect(failed.error).toContain("Error: fails");
  });

  it("says what cannot be closed", async () => {
    expect((await kernel.run("using n = {}")).error).toMatch(/TypeError: using: expected an object[\s\S]*column/);
  });
});

describe("what cannot be a cell is refused with its place and a reason", () => {
  it.each([
    ["const e = <div>hi</div>", /JSX is not supported[\s\S]*line 1, column 11/],
    ["1;\nreturn 5", /return outside of a function[\s\S]*line 2, column 1/],
    ['export * from "node:fs"', /write import … from[\s\S]*line 1, column 1/],
    ["let d = 1;\nlet d = 2", /'d' has already been declared[\s\S]*line 2, column 5/],
    ["break", /Illegal break statement[\s\S]*line 1, column 1/],
    ["const c = 1; new.target", /SyntaxError[\s\S]*line 1, column 1\d/],
    ["const c = {", /SyntaxError[\s\S]*line 1/],
  ])("%s", async (cell, error) => {
    expect((await kernel.run(cell)).error).toMatch(error);
    expect((await kernel.run("6 * 7")).result).toBe("42");
  });
});

describe("errors that nobody awaits", () => {
  it("appear in the cell that caused them, with its lines, and nothing dies", async () => {
    await kernel.run("let alive = true");
    const cell = `enum Shifted { A }
const late = () => {
  throw new RangeError("late");
};
setTimeout(late, 1);
Promise.reject(new TypeError("lost"));
await new Promise((resolve) => setTimeout(resolve, 50))`;
    const { stderr, reply } = await kernel.run(cell);
    expect(reply.status).toBe("ok");
    expect(stderr).toMatch(/Uncaught RangeError: late\nCell \d+, line 3, column 9\n {2}3 \| {3}throw/);
    expect(stderr).toMatch(/Uncaught \(in promise\) TypeError: lost\nCell \d+, line 6, column 16/);
    expect((await kernel.run("alive")).result).toBe("true");
  });

  it("are told before the end of the cell, if they are there by then", async () => {
    const { stderr } = await kernel.run("(async () => { throw new Error('at once') })(); void 0");
    expect(stderr).toContain("Uncaught (in promise) Error: at once");
  });

  it("go to the cell that caused them when another one runs", async () => {
    const heard: string[] = [];
    const cause = "setTimeout(() => { throw new Error('from before') }, 20); undefined";
    await kernel.run(cause, ({ type, content }) => type === "stream" && heard.push(content.text));
    const { stderr } = await kernel.run("await new Promise((resolve) => setTimeout(resolve, 100))");
    expect(stderr).toBe("");
    expect(heard.join("")).toContain("Uncaught Error: from before");
  });

  it("that are the cell's result are its error", async () => {
    const { reply } = await kernel.run("Promise.reject(new Error('result'))");
    expect(reply).toMatchObject({ status: "error", ename: "Error", evalue: "result" });
  });

  it("print as errors of the cell alone, with no frame of the kernel's", async () => {
    const { stderr } = await kernel.run("console.error(new Error('shown'))");
    expect(stderr).toMatch(/^Error: shown\n {4}at cell-\d+\.ts:1:\d+\n$/);
  });

  it("are not confused with warnings, which come without the process number", async () => {
    const { stderr } = await kernel.run('process.emitWarning("careful", "DeprecationWarning"); await null');
    expect(stderr).toBe("DeprecationWarning: careful\n");
  });
});
