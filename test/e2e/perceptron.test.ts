// A long lecture in VS Code: every cell runs, and every picture is drawn whole. What it computes is asserted in its own cells;
// lenet.test.ts looks closer at another one.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { NotebookPage } from "./notebook-page.ts";
import { Workbench } from "./workbench.ts";

let workbench: Workbench;

beforeAll(async () => {
  workbench = await Workbench.start({
    prepare: (workspace) => cp("notebooks", join(workspace, "notebooks"), { recursive: true }),
    folder: "notebooks",
    viewport: { width: 1280, height: 20_000 }, // all cells in sight, because VS Code draws no others
  });
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed: ${task.name}`);
});

afterAll(() => workbench?.[Symbol.asyncDispose]());

it("01-perceptron.ipynb runs to its end and draws its 15 figures", async () => {
  const notebook = await NotebookPage.open(workbench.page, "01-perceptron.ipynb");
  const cells = await notebook.count();
  await notebook.runAll();
  const statuses = async () => (await notebook.states()).map(({ status }) => status);
  await expect.poll(statuses, { timeout: 120_000 }).toEqual(Array(cells).fill("success"));
  await expect.poll(async () => (await notebook.figures()).length, { timeout: 30_000 }).toBe(15);
  for (const figure of await notebook.figures()) {
    expect(figure.isClipped).toBe(false);
    expect(figure.width).toBeGreaterThan(200);
  }
  await workbench.screenshot("01-perceptron");
});
