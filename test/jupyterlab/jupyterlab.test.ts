// A lecture in JupyterLab, as somebody opens it who has Jupyter and not VS Code.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { Lab } from "./lab.ts";

const CELLS = 10;

let lab: Lab;

beforeAll(async () => {
  const prepare = (folder: string) => cp("notebooks", join(folder, "notebooks"), { recursive: true });
  lab = await Lab.open("notebooks/06-lenet-5.ipynb", prepare);
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await lab.screenshot(`failed: ${task.name}`);
});

afterAll(() => lab?.[Symbol.asyncDispose]());

it("runs the lecture and shows its figures", async () => {
  expect(await lab.cells.count()).toBe(CELLS);
  await lab.menu("Run", "Run All Cells");
  const numbers = Array.from({ length: CELLS }, (_, i) => `[${i + 1}]:`);
  await expect.poll(() => lab.prompts(), { timeout: 60_000 }).toEqual(numbers);
  expect(await lab.output(6)).toContain("Test accuracy 99.44 %");
  await lab.cells.last().scrollIntoViewIfNeeded();
  await lab.screenshot("1-lecture");
  // JupyterLab draws the static picture of a figure, unless a Plotly extension is installed.
  const widths = await lab.page
    .locator(".jp-OutputArea-output img")
    .evaluateAll((all) => all.map((e) => e.clientWidth));
  expect(widths.length).toBeGreaterThan(4);
  expect(Math.min(...widths)).toBeGreaterThan(200);
});

it("completes names of earlier cells, and tells what they are", async () => {
  const offered = lab.page.locator(".jp-Completer-item");
  await lab.type(0, "model.");
  await lab.page.keyboard.press("Tab");
  await offered.first().waitFor();
  expect((await offered.allTextContents()).join()).toContain("forward");
  await lab.screenshot("4-completion");
  await lab.page.keyboard.type("stateD");
  await lab.page.keyboard.press("Enter");
  await expect.poll(() => lab.cells.nth(0).locator(".cm-content").textContent()).toBe("model.stateDict");
  await lab.page.keyboard.press("Shift+Tab");
  await lab.page.locator(".jp-Tooltip", { hasText: "stateDict" }).waitFor();
  await lab.screenshot("5-tooltip");
  await lab.page.keyboard.press("Escape");
});

it("stops a cell with its button, and keeps the variables", async () => {
  await lab.start(0, "let kept = 41; while (true) kept = 42;");
  await lab.page.getByRole("button", { name: "Interrupt the kernel" }).click();
  expect(await lab.finish(0)).toContain("KeyboardInterrupt");
  expect(await lab.run(0, "kept")).toBe("42");
});

it("shows where a cell failed", async () => {
  const output = await lab.run(0, 'import { tensor } from "lectern";\ntensor([[1]]).matmul(tensor([[1, 2], [3, 4]]))');
  expect(output).toContain("matmul: inner sizes differ");
  expect(output).toContain("line 2");
  await lab.screenshot("2-error");
});

it("restarts the kernel", async () => {
  await lab.page.getByRole("button", { name: "Restart the kernel", exact: true }).click();
  await lab.page.getByRole("button", { name: "Confirm Kernel Restart" }).click();
  await lab.idle();
  expect(await lab.run(0, "typeof kept")).toBe("'undefined'");
});
