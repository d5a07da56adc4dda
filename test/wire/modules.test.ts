// What cells import: packages, the user's own files, and what happens when those change.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestKernel, type TestKernel } from "./real-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel[Symbol.asyncDispose]());

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(kernel.cwd, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

const result = async (code: string): Promise<unknown> => {
  const ran = await kernel.run(code);
  return ran.error === "" ? ran.result : ran.error;
};

describe("local files", () => {
  it("are found without extension, as TypeScript, JavaScript, JSON or the index of a folder", async () => {
    await write({
      "a.ts": 'import { b } from "./lib/b"; import { c } from "./c.js"; export const a: string = b + c;',
      "lib/b.js": "export const b = 'b';",
      "c.ts": "export const c = 'c';",
      "folder/index.ts": "export default 'index';",
      "numbers.json": "[1, 2]",
    });
    expect(await result('import { a } from "./a"; import i from "./folder"; a + i')).toBe("'bcindex'");
    expect(await result('import n from "./numbers.json"; n')).toBe("[ 1, 2 ]");
    expect(await result('(await import("./numbers.json", { with: { type: "json" } })).default[1]')).toBe("2");
    expect(await result('(await import("./a.ts")).a')).toBe("'bc'");
  });

  it("may have enums, namespaces and parameter properties", async () => {
    await write({
      "full.ts": `export enum Color { Red = 3 }
export namespace N { export const v = Color.Red + 1; }
export class P { constructor(readonly x: number) {} }`,
    });
    expect(await result('import { Color, N, P } from "./full"; [Color.Red, N.v, new P(5).x]')).toBe("[ 3, 4, 5 ]");
  });

  it("see the engine of the cells, and not another one", async () => {
    await write({
      "net.ts":
        'import { nn, type Tensor, Tensor as T } from "lectern"; export const isT = (t: Tensor) => t instanceof T;',
      "old.cjs": 'module.exports = { nn: require("lectern").nn, tslab: require("tslab") };',
    });
    const cell = 'import { isT } from "./net"; import old from "./old.cjs"; import { nn, tensor } from "lectern";';
    expect(await result(`${cell} [isT(tensor([1])), old.nn === nn, typeof old.tslab.display.html]`)).toBe(
      "[ true, true, 'function' ]",
    );
  });

  it("are read again when they, or what they import, have changed; what has not changed stays the same", async () => {
    await write({
      "top.ts": 'import { v } from "./middle"; export { same } from "./same"; export const top = () => v;',
      "middle.ts": 'export { v } from "./deep.js";',
      "deep.ts": "export const v = 'first';",
      "same.ts": "export const same = {};",
    });
    const cell = 'import { same, top } from "./top"; top()';
    expect(await result(`${cell}; let before = same; top()`)).toBe("'first'");
    await write({ "deep.ts": "export const v = 'second';" });
    expect(await result(cell)).toBe("'second'");
    expect(await result("before === same")).toBe("true");
    await write({ "top.ts": "export const same = 1; export const top = () => 'third';" });
    expect(await result(cell)).toBe("'third'");
  });

  it("are read again when they import each other", async () => {
    await write({
      "ring.ts": 'import { b } from "./ring-b"; export const a = () => "a" + b();',
      "ring-b.ts": 'import { a } from "./ring"; export const b = () => (typeof a).length;',
    });
    const cell = 'import { a } from "./ring"; a()';
    expect(await result(cell)).toBe("'a8'");
    await write({ "ring-b.ts": 'import { a } from "./ring"; export const b = () => "!";' });
    expect(await result(cell)).toBe("'a!'");
  });

  it("of CommonJS are read again, too, with require as with import", async () => {
    await write({ "old-main.cjs": 'exports.v = require("./old-part.cjs");', "old-part.cjs": "module.exports = 1;" });
    const cell = 'import { v } from "./old-main.cjs"; [v, require("./old-main.cjs").v]';
    expect(await result(cell)).toBe("[ 1, 1 ]");
    await write({ "old-part.cjs": "module.exports = 22;" });
    expect(await result(cell)).toBe("[ 22, 22 ]");
  });

  it("that fail tell their own line and the cell's", async () => {
    await write({ "broken.ts": "const x: number = 1;\nthrow new RangeError('inside');" });
    const failed = await result('\nimport "./broken"');
    expect(failed).toMatch(/RangeError: inside/);
    expect(failed).toMatch(/broken\.ts\S*:2:7/);
    expect(failed).toMatch(/Cell \d+, line 2/);
  });

  it("that cannot be found are named, also when a file imports them", async () => {
    await write({ "asks.ts": 'import "./not-there";' });
    expect(await result('import "./nowhere"')).toMatch(/ImportError: cannot find ".\/nowhere"[\s\S]*Cell \d+, line 1/);
    expect(await result('import "./asks"')).toMatch(/not-there[\s\S]*asks\.ts/);
  });
});

describe("packages", () => {
  it("are found from the notebook's folder: ESM with await, CommonJS by its names, and their types alone", async () => {
    await write({
      "node_modules/esm-only/package.json": '{"type": "module", "exports": "./index.js"}',
      "node_modules/esm-only/index.js": "export const esm = await Promise.resolve('esm');",
      "node_modules/common/package.json": '{"main": "./index.js"}',
      "node_modules/common/index.js": "exports.common = 'common';",
    });
    const cell = 'import { esm } from "esm-only"; import { common } from "common"; import type { X } from "common";';
    expect(await result(`${cell} [esm, common, require("common").common]`)).toBe("[ 'esm', 'common', 'common' ]");
    expect(await result('import.meta.resolve("common")')).toMatch(/node_modules\/common\/index\.js'$/);
  });

  it("that are missing are named with what installs them, also when a local file wants them", async () => {
    await write({ "wants.ts": 'import "@not/installed/deep";' });
    expect(await result('import x from "@not/installed/deep"')).toContain("npm install @not/installed,");
    expect(await result('import "./wants"')).toMatch(/@not\/installed[\s\S]*wants\.ts/);
  });
});
