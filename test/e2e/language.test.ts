// What a user sees while writing: completion, hover, definition, rename and errors across cells, in the real workbench.

import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NotebookPage } from "./notebook-page.ts";
import { Workbench } from "./workbench.ts";
import { writeNotebook } from "./write-notebook.ts";

const CELLS = [
  'import { nn } from "lectern";\n/** How fast the network learns. */\nconst learningRate = 0.1;',
  "const model = new nn.Linear(2, 3);\nlearningRate",
  "const label: string = learningRate;",
  "// here",
] as const;

let workbench: Workbench;
let notebook: NotebookPage;

beforeAll(async () => {
  workbench = await Workbench.start({
    prepare: (workspace) => writeNotebook(join(workspace, "writing.ipynb"), CELLS),
    viewport: { width: 1280, height: 1000 },
  });
  notebook = await NotebookPage.open(workbench.page, "writing.ipynb");
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed: ${task.name}`);
});

afterAll(() => workbench?.[Symbol.asyncDispose]());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000, interval: 100 });

describe("writing in a cell", () => {
  it("marks type errors across cells, and nothing else", async () => {
    const { page } = workbench;
    await page.locator(".squiggly-error").first().waitFor({ timeout: 30_000 });
    await workbench.screenshot("language-1-errors");
    await workbench.command("View: Toggle Problems");
    const problems = page.locator(".markers-panel .monaco-list-row .marker-message");
    await eventually(() => problems.allTextContents()).toEqual(["Type 'number' is not assignable to type 'string'."]);
    await workbench.screenshot("language-2-problems");
    await workbench.command("View: Toggle Problems");
  });

  it("shows the type and doc comment of a name from another cell, once", async () => {
    await notebook.hoverWord(1, "learningRate");
    const hovers = workbench.page.locator(".monaco-hover:not(.hidden) .hover-row");
    await eventually(async () => (await hovers.allTextContents()).join("|")).toContain("How fast the network learns.");
    await workbench.screenshot("language-3-hover");
    expect((await hovers.allTextContents()).map((text) => text.replace(/\s+/g, " "))).toEqual([
      expect.stringContaining("const learningRate: 0.1"),
    ]);
  });

  it("completes members of a value of another cell, each once, with documentation", async () => {
    await notebook.type(3, "\nmodel.forw");
    const suggestions = workbench.page.locator(".suggest-widget .monaco-list-row .label-name");
    await eventually(() => suggestions.allTextContents()).toEqual([
      "forward",
      "registerForwardHook",
      "registerForwardPreHook",
    ]);
    await workbench.screenshot("language-4-completion");
  });

  it("offers a name of lectern once, and writes its import", async () => {
    await notebook.type(3, "\nconst t = linsp");
    const suggestions = workbench.page.locator(".suggest-widget .monaco-list-row .label-name");
    await eventually(() => suggestions.allTextContents()).toEqual(["linspace"]);
    await workbench.screenshot("language-5-import");
    // VS Code asks for the import when the item is in sight, and drops it when somebody is quicker than the answer.
    await workbench.page.waitForTimeout(3000);
    await workbench.page.keyboard.press("Enter");
    await eventually(() => notebook.text(3)).toContain('import { linspace } from "lectern";');
    await workbench.screenshot("language-6-imported");
  });

  it("shows what Node has once, too", async () => {
    await notebook.type(3, "\nstructuredCl");
    const suggestions = workbench.page.locator(".suggest-widget .monaco-list-row .label-name");
    await eventually(() => suggestions.allTextContents()).toEqual(["structuredClone"]);
    await workbench.screenshot("language-7-globals");
  });
});
