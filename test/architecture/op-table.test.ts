// The table of ops is complete by type: take one row away anywhere, and the engine does not compile.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const tables = {
  inference: "engine/ops/inference/pointwise.ts",
  "what is saved for backward": "engine/autograd/saved.ts",
  gradient: "engine/ops/gradients/pointwise.ts",
  "CPU kernel": "engine/backends/cpu/pointwise.ts",
  accuracy: "engine/ops/accuracy.ts",
};

let copy: string;
beforeAll(() => {
  mkdirSync(".cache", { recursive: true });
  copy = mkdtempSync(".cache/op-table-");
  cpSync("engine", join(copy, "engine"), { recursive: true });
  cpSync("tsconfig.base.json", join(copy, "tsconfig.base.json"));
});
afterAll(() => rmSync(copy, { recursive: true }));

function compile(): { readonly status: number | null; readonly errors: string } {
  const args = [resolve("node_modules/typescript/bin/tsc"), "-p", "engine", "--noEmit"];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
  return { status, errors: stdout };
}

it("compiles as it is", () => {
  expect(compile()).toEqual({ status: 0, errors: "" });
});

it.each(Object.entries(tables))("does not compile without one op's row: %s", (_, file) => {
  const whole = readFileSync(file, "utf8");
  const without = whole.replace(/^ {2}tanh:[\s\S]*?(?=^ {2}\w+:|^\})/m, "");
  expect(without.length).toBeLessThan(whole.length);
  writeFileSync(join(copy, file), without);
  const { status, errors } = compile();
  writeFileSync(join(copy, file), whole);
  expect(status).not.toBe(0);
  expect(errors).toMatch(/'tanh'/);
});
