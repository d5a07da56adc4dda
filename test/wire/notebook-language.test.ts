// The language service of a real kernel: asked as the extension asks it, while cells run, and after its thread has died.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestKernel, type TestKernel } from "./real-kernel.ts";

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startTestKernel();
});
afterAll(() => kernel?.[Symbol.asyncDispose]());

const cells = (...texts: string[]) => ({ cells: texts.map((text, index) => ({ cell: String(index), text })) });

describe("the notebook's language service", () => {
  it("answers before any cell has run", async () => {
    const { connection } = kernel;
    await connection.language(
      "notebook",
      cells('import { tensor } from "lectern"', "const t = tensor([1, 2]);\nt.resh"),
    );
    const found = await connection.language("completion", { cell: "1", offset: 32 });
    expect(found?.filter(({ name }) => name === "reshape")).toMatchObject([{ kind: "method", start: 28, length: 4 }]);
    const hover = await connection.language("hover", { cell: "1", offset: 6 });
    expect(hover?.signature).toMatch(/^const t: Tensor/);
  });

  it("answers while a cell holds the engine", async () => {
    const { connection } = kernel;
    const running = kernel.run("while (true) {}");
    await connection.language("notebook", cells("const a = 1", "a"));
    expect(await connection.language("hover", { cell: "1", offset: 1 })).toMatchObject({ signature: "const a: 1" });
    await connection.interrupt();
    expect((await running).reply.status).toBe("error");
  });

  it("answers an overtaken question with null", async () => {
    const { connection } = kernel;
    await connection.language("notebook", cells("const a = 1", "a"));
    const questions = Array.from({ length: 8 }, () => connection.language("diagnostics", { cell: "0" }));
    const answers = await Promise.all(questions);
    expect(answers.at(-1)).toEqual([]);
    expect(answers.filter((answer) => answer === null).length).toBeGreaterThan(3);
  });

  it("knows what was executed, and forgets it on restart", async () => {
    const { connection } = kernel;
    await kernel.run("interface Row { readonly id: number }\nconst rows: Row[] = []");
    await connection.language("notebook", cells("rows"));
    const signature = async () => (await connection.language("hover", { cell: "0", offset: 1 }))?.signature;
    expect(await signature()).toBe("const rows: Row[]");
    await connection.restart();
    expect(await signature()).not.toContain("Row");
  });

  it("refuses to rename what a library declares, with a sentence", async () => {
    const { connection } = kernel;
    await connection.language("notebook", cells('import { tensor } from "lectern"', "tensor"));
    await expect(connection.language("rename", { cell: "1", offset: 2 })).rejects.toThrow(
      "tensor is declared by a library, and cannot be renamed here.",
    );
  });

  it("finds modules of the notebook's folder, also those that are written later", async () => {
    const { connection } = kernel;
    await connection.language("notebook", cells('import { size } from "./later.ts"\nsize'));
    const errors = async () => (await connection.language("diagnostics", { cell: "0" }))?.map(({ code }) => code);
    expect(await errors()).toEqual([2307]);
    writeFileSync(join(kernel.cwd, "later.ts"), "export const size = 3");
    await connection.language("cell", { cell: "0", text: 'import { size } from "./later.ts"\nsize;' });
    expect(await errors()).toEqual([]);
  });
});

describe("tsconfig.json of the notebook's folder", () => {
  it("is honoured, also when it changes, and its errors are said once", async () => {
    const log: string[] = [];
    await using other = await startTestKernel({}, (line) => log.push(line));
    const { connection, cwd } = other;
    const write = (options: object) =>
      writeFileSync(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
    const errors = async () => (await connection.language("diagnostics", { cell: "0" }))?.map(({ code }) => code);
    await connection.language("notebook", cells("function f(x) { return x }\nimport { a } from '@/a.ts'"));
    expect(await errors()).toEqual([2307]);
    write({ strict: true });
    expect(await errors()).toEqual([7006, 2307]);
    mkdirSync(join(cwd, "src"));
    writeFileSync(join(cwd, "src", "a.ts"), "export const a = 1");
    write({ strict: false, paths: { "@/*": ["./src/*"] }, module: "commonjs", noUnusedLocals: true });
    expect(await errors()).toEqual([]);
    write({ strict: false, moduel: "x" });
    await errors();
    await errors();
    expect(log.filter((line) => line.includes("moduel"))).toEqual([
      expect.stringContaining("tsconfig.json: Unknown compiler option 'moduel'"),
    ]);
  });
});
