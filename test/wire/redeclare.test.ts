// Whatever a cell declares can be declared again as whatever else TypeScript has, in every ordered pair.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestKernel, type TestKernel } from "./real-kernel.ts";

/** How a cell declares `thing`, and what a later cell finds by evaluating the second text. */
const DECLARATIONS: Readonly<Record<string, readonly [code: string, probe: string, found: string]>> = {
  const: ["const thing = 1", "thing", "1"],
  let: ["let thing: number = 2", "thing", "2"],
  "let without value": ["let thing", "String(thing)", "'undefined'"],
  var: ["var thing = 3", "thing", "3"],
  "var in a block": ["if (true) { var thing = 4 }", "thing", "4"],
  "var of a loop": ["for (var thing = 0; thing < 5; thing++);", "thing", "5"],
  destructuring: ["const { a: [thing] } = { a: [6] }", "thing", "6"],
  "var of a pattern": ["var [thing = 7] = []", "thing", "7"],
  function: ["function thing(x: number) { return x }", "thing(8)", "8"],
  "async function": ["async function thing() { return 9 }", "await thing()", "9"],
  generator: ["function* thing() { yield 10 }", "[...thing()][0]", "10"],
  arrow: ["const thing = <T,>(x: T): T => x", "thing(11)", "11"],
  class: ["class thing { static n = 6; static m = thing.n * 2 }", "thing.m", "12"],
  "abstract class": ["abstract class thing { abstract f(): void; static n = 13 }", "thing.n", "13"],
  "decorated class": ["@((c: any, _: any) => c) class thing { static n = 14 }", "thing.n", "14"],
  enum: ["enum thing { A = 15 }", "thing.A", "15"],
  "const enum": ["const enum thing { A = 16 }", "thing.A", "16"],
  namespace: ["namespace thing { export const n = 17 }", "thing.n", "17"],
  "import default": ['import thing from "./eighteen.ts"', "thing", "18"],
  "import named": ['import { nineteen as thing } from "./eighteen.ts"', "thing", "19"],
  "import namespace": ['import * as thing from "./eighteen.ts"', "thing.nineteen", "19"],
  "import require": ['import thing = require("node:path")', "thing.sep.length", "1"],
  export: ["export const thing = 20", "thing", "20"],
  using: ["using thing = { n: 21, [Symbol.dispose]() {} }", "thing.n", "21"],
};
const TYPES = {
  type: "type thing = { x: 1 }",
  interface: "interface thing { x: 1 }",
  declare: "declare const thing: 5",
};

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
  await writeFile(join(kernel.cwd, "eighteen.ts"), "export default 18; export const nineteen: number = 19;");
});
afterAll(() => kernel[Symbol.asyncDispose]());

describe.each(Object.entries(DECLARATIONS))("%s", (_, [first]) => {
  it.each(Object.entries(DECLARATIONS))(
    "is declared again as %s, which closures see",
    async (_, [again, probe, found]) => {
      await kernel.run(`${first}; const probe = async () => ${probe}`);
      expect((await kernel.run(again)).error).toBe("");
      expect((await kernel.run(probe)).result).toBe(found);
      expect((await kernel.run("await probe()")).result).toBe(found);
    },
  );

  it.each(Object.entries(TYPES))("stays what it is when a %s has its name", async (_, type) => {
    await kernel.run("const probe = () => thing");
    await kernel.run(first);
    expect((await kernel.run(`${type}; probe() === thing`)).result).toBe("true");
  });
});
