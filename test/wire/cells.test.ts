// What cells can do, over the real kernel and engine process.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestKernel, type TestKernel } from "./real-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel[Symbol.asyncDispose]());

describe("names", () => {
  it("flow from cell to cell, and const is declared again as function, class and let", async () => {
    await kernel.run("const thing: number = 41");
    expect((await kernel.run("thing + 1")).result).toBe("42");
    await kernel.run("function thing() { return 'function' }");
    expect((await kernel.run("thing()")).result).toBe("'function'");
    await kernel.run("class thing { static who = 'class' }");
    expect((await kernel.run("thing.who")).result).toBe("'class'");
  });

  it("are seen with their new value by closures of earlier cells", async () => {
    await kernel.run("let rate = 1; const read = () => rate");
    await kernel.run("const rate = 2");
    expect((await kernel.run("read()")).result).toBe("2");
  });

  it("let functions be called above their declaration", async () => {
    expect(
      (await kernel.run("const four = square(2);\nfunction square(x: number) { return x * x }\nfour")).result,
    ).toBe("4");
  });

  it("work with top-level await, for await, destructuring and enums", async () => {
    const cell = `enum Kind { A = 5 }
async function* numbers() { yield 1; yield 2 }
let { sum, rest: [first] } = { sum: await Promise.resolve(0), rest: [7] };
for await (const n of numbers()) sum += n;
[sum, first, Kind.A]`;
    expect((await kernel.run(cell)).result).toBe("[ 3, 7, 5 ]");
  });
});

describe("imports", () => {
  it("find node's modules, the engine, CommonJS, JSON and local TypeScript", async () => {
    await writeFile(join(kernel.cwd, "local.ts"), "export const answer: number = 42;");
    await writeFile(join(kernel.cwd, "old.cjs"), "module.exports = { year: 1998 };");
    await writeFile(join(kernel.cwd, "data.json"), '{"n": 3}');
    const cell = `import { basename } from "node:path";
import { nn } from "lectern";
import { answer } from "./local.ts";
import old from "./old.cjs";
import data from "./data.json" with { type: "json" };
[basename("a/b"), typeof nn, answer, old.year, data.n]`;
    expect((await kernel.run(cell)).result).toBe("[ 'b', 'object', 42, 1998, 3 ]");
  });

  it("read a local file again when it has changed", async () => {
    await writeFile(join(kernel.cwd, "changing.ts"), "export const v = 1;");
    expect((await kernel.run('import { v } from "./changing.ts"; v')).result).toBe("1");
    await writeFile(join(kernel.cwd, "changing.ts"), "export const v = 22;");
    expect((await kernel.run('import { v } from "./changing.ts"; v')).result).toBe("22");
  });
});

describe("output", () => {
  it("comes in order, from console, process.stdout, the file descriptor and child processes", async () => {
    const cell = `import { writeSync } from "node:fs"; import { spawnSync } from "node:child_process";
console.log("log"); console.error("error"); process.stdout.write("write\\n"); writeSync(1, "descriptor\\n");
spawnSync(process.execPath, ["-e", "console.log('child')"], { stdio: "inherit" }); undefined`;
    const { stdout, stderr } = await kernel.run(cell);
    expect(stdout.split("\n")).toEqual(["log", "write", "descriptor", "child", ""]);
    expect(stderr).toBe("error\n");
  });

  it("arrives while a synchronous loop still runs", async () => {
    const started = performance.now();
    let firstMs = Number.POSITIVE_INFINITY;
    await kernel.run('console.log("early"); for (const end = Date.now() + 1000; Date.now() < end; );', () => {
      firstMs = Math.min(firstMs, performance.now() - started);
    });
    expect(firstMs).toBeLessThan(600);
  });

  it("is complete before the reply, 100,000 lines of it, in few messages", async () => {
    const { stdout, outputs } = await kernel.run('for (let i = 0; i < 100_000; i++) console.log("line", i)');
    expect(stdout.split("\n")).toHaveLength(100_001);
    expect(stdout.endsWith("line 99999\n")).toBe(true);
    expect(outputs.length).toBeLessThan(500);
  });

  it("shows displays and updates them in place", async () => {
    const cell = 'import { display } from "lectern"; const shown = display("one"); shown.update("two"); undefined';
    const { outputs } = await kernel.run(cell);
    expect(outputs.map(({ type }) => type)).toEqual(["display_data", "update_display_data"]);
    const ids = outputs.map(({ content }) => ("transient" in content ? content.transient.display_id : undefined));
    expect(ids[0]).toBeTruthy();
    expect(ids[1]).toBe(ids[0]);
  });

  it("shows a result by its own Jupyter.display", async () => {
    const { outputs } = await kernel.run('({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>x</b>" }) })');
    expect(outputs).toMatchObject([{ type: "execute_result", content: { data: { "text/html": "<b>x</b>" } } }]);
  });
});

describe("errors end the cell with its line, and the next cell runs", () => {
  it.each([
    ["a syntax error", "const a = 1;\nconst b = ;", "SyntaxError", /Cell \d+, line 2, column 11\n {2}2 \| const b = ;/],
    [
      "a thrown error",
      "\nfunction f() {\n  throw new TypeError('no');\n}\nf()",
      "TypeError",
      /Cell \d+, line 3, column 9/,
    ],
    [
      "an awaited rejection",
      "await null;\nawait Promise.reject(new RangeError('r'))",
      "RangeError",
      /Cell \d+, line 2/,
    ],
    [
      "a missing package",
      '\nimport x from "no-such-package"',
      "ImportError",
      /npm install no-such-package[\s\S]*Cell \d+, line 2/,
    ],
    [
      "a missing file",
      'import { x } from "./nowhere.ts"',
      "ImportError",
      /cannot find "\.\/nowhere\.ts"[\s\S]*Cell \d+, line 1/,
    ],
    [
      "a missing name",
      'import { nope } from "lectern"; nope',
      "SyntaxError",
      /"lectern" exports no "nope"[\s\S]*Cell \d+, line 1/,
    ],
    ["a thrown non-error", "throw { code: 5 }", "Thrown", /code: 5/],
  ])("%s", async (_, code, ename, traceback) => {
    const { reply, error } = await kernel.run(code);
    expect(reply).toMatchObject({ status: "error", ename });
    expect(error).toMatch(traceback);
    expect((await kernel.run("6 * 7")).result).toBe("42");
  });

  it("a shape mismatch", async () => {
    const { reply, error } = await kernel.run(
      'import { zeros } from "lectern";\nconst a = zeros([2, 3]);\na.matmul(zeros([4, 5]))',
    );
    expect(reply).toMatchObject({ status: "error", ename: "ShapeError" });
    expect(error).toContain("matmul: inner sizes differ, lhs [2, 3], rhs [4, 5]");
    expect(error).toMatch(/Cell \d+, line 3, column 3/);
    expect((await kernel.run("6 * 7")).result).toBe("42");
  });

  it("a gradient that is no number, with the line of the op that it belongs to", async () => {
    const { reply, error } = await kernel.run(
      'import { detectAnomaly, tensor } from "lectern";\nconst p = tensor([0, 1], { requiresGrad: true });\ndetectAnomaly(() => {\n  const root = p.sqrt();\n  root.sum().backward();\n});',
    );
    expect(reply).toMatchObject({ status: "error", ename: "AnomalyError" });
    expect(error).toContain("div: made Infinity at [0] of [2]");
    expect(error).toMatch(/Cause: sqrt was called here\nCell \d+, line 4, column 18/);
    expect((await kernel.run("6 * 7")).result).toBe("42");
  });

  it.each([
    ["in the first line", ""],
    ["behind a quick loop", "let sum = 0; for (let i = 0; i < 3; i++) sum += i; "],
    ["behind a declaration that changes its length", "class Model {} export function f() { } "],
    ["in a transpiled cell", "enum Color { Red }\n"],
  ])("and names the same place in its own stack as in the traceback: %s", async (_, before) => {
    const code = `${before}const seen = new Error("x"); console.error(seen); console.log(seen.stack); throw seen;`;
    const { stdout, stderr, error } = await kernel.run(code);
    const lines = code.slice(0, code.indexOf("new Error")).split("\n");
    const [line, column] = [lines.length, lines.at(-1)!.length + 1];
    expect(error).toMatch(new RegExp(`^Cell \\d+, line ${line}, column ${column}$`, "m"));
    const frame = new RegExp(`^    at cell-\\d+\\.ts:${line}:${column}$`, "m");
    expect(stdout).toMatch(frame);
    expect(stderr).toMatch(frame);
  });

  it("an error in a timer is printed and nothing dies", async () => {
    await kernel.run("let alive = true");
    const wait = "await new Promise((resolve) => setTimeout(resolve, 50))";
    const { stderr } = await kernel.run(
      `setTimeout(() => { throw new Error("late") }, 1); Promise.reject(new Error("lost")); ${wait}`,
    );
    expect(stderr).toContain("Error: late");
    expect(stderr).toContain("Error: lost");
    expect((await kernel.run("alive")).result).toBe("true");
  });
});
