// The door `lectern` outside of notebooks: the same script in a plain Node process and in a cell.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startTestKernel } from "./real-kernel.ts";

const script = join(import.meta.dirname, "script.ts");

it("gives a plain Node script what it gives a cell", async () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: "utf8", cwd: process.cwd() });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  const lines = stdout.trimEnd().split("\n");
  expect(lines[0]).toMatch(/^loss [12]\.\d{4}$/);
  expect(lines).toContain("Squares");
  const names = "Sequential Tensor Buffer";
  expect(lines).toContain(names);

  await using kernel = await startTestKernel();
  const cell = await kernel.run(readFileSync(script, "utf8"));
  expect(cell.stdout.split("\n")[0]).toBe(lines[0]);
  expect(cell.stdout).toContain(names);
});
