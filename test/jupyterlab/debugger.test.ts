// JupyterLab's debugger with our kernel: a breakpoint in the gutter, the panel's variables, a step, and on.

import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { writeNotebook } from "../e2e/write-notebook.ts";
import { Lab } from "./lab.ts";

const FUNCTION = `import { tensor } from "lectern";
const scale = (x: number) => {
  const weights = tensor([[1, 2], [3, 4]], { requiresGrad: true });
  const scaled = weights.mul(x);
  return scaled;
};`;
const CALL = "const factor = 10;\nconst result = scale(factor);\nresult";

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open("debugged.ipynb", (folder) => writeNotebook(join(folder, "debugged.ipynb"), [FUNCTION, CALL]));
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await lab.screenshot(`failed: ${task.name}`);
});

afterAll(() => lab?.[Symbol.asyncDispose]());

const highlighted = () => lab.page.locator(".jp-DebuggerEditor-highlight").allTextContents();
const variables = () => lab.page.locator(".jp-DebuggerVariables").first().textContent();

it("shows the notebook's variables as soon as it is on", async () => {
  await lab.page.locator(".jp-DebuggerBugButton:not([disabled])").first().click();
  await lab.page.locator(".cm-breakpoint-gutter").first().waitFor();
  await lab.run(0, FUNCTION);
  await expect.poll(variables, { timeout: 20_000 }).toContain("scale");
});

it("stops at a breakpoint that was set in the gutter, and lists local variables and tensors", async () => {
  const gutter = lab.cells.nth(0).locator(".cm-breakpoint-gutter .cm-gutterElement");
  await gutter.nth(5).click(); // the first element is a spacer
  await expect.poll(() => lab.page.locator(".jp-DebuggerBreakpoints").textContent()).toContain("5");
  await lab.start(1, CALL);
  await expect.poll(highlighted, { timeout: 20_000 }).toEqual(["  return scaled;"]);
  await expect.poll(variables).toMatch(/weights:?\s*Tensor float32\[2, 2\]/);
  expect(await variables()).toMatch(/x:?\s*10/);
  await expect.poll(() => lab.page.locator(".jp-DebuggerCallstack").textContent()).toContain("scale");
  await lab.screenshot("3-debugger");
});

it("goes on to the end of the cell", async () => {
  await lab.page.locator('[data-command="debugger:continue"], [title^="Continue"]').first().click();
  expect(await lab.finish(1)).toContain("tensor([[10., 20.]");
  await expect.poll(highlighted).toEqual([]);
});
