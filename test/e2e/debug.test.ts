// Debugging a cell in VS Code: breakpoints, variables, a watch, steps into an earlier cell, and the state right after the end.

import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NotebookPage } from "./notebook-page.ts";
import { Workbench } from "./workbench.ts";
import { writeNotebook } from "./write-notebook.ts";

const CELLS = [
  `import { tensor } from "lectern";
const scale = (x: number) => {
  const weights = tensor([[1, 2], [3, 4]]);
  return weights.mul(x);
};`,
  `const factor = 10;
const scaled = scale(factor);
const sum = scaled.sum();
sum`,
  `const wrong = (depth: number): number => {
  throw new RangeError("no such layer: " + depth);
};
wrong(3);`,
] as const;
const [DEFINE, CALL, THROW] = [0, 1, 2] as const;

let workbench: Workbench;
let notebook: NotebookPage;

beforeAll(async () => {
  workbench = await Workbench.start({
    prepare: (workspace) => writeNotebook(join(workspace, "debugged.ipynb"), CELLS),
    viewport: { width: 1500, height: 1100 },
  });
  notebook = await NotebookPage.open(workbench.page, "debugged.ipynb");
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed: ${task.name}`);
});

afterAll(() => workbench?.[Symbol.asyncDispose]());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 60_000, interval: 50 });
const status = (index: number) => eventually(async () => (await notebook.state(index)).status);
const cell = (index: number): Locator => workbench.page.locator(".notebookOverlay .code-cell-row").nth(index);
const line = (index: number, text: string): Locator => cell(index).locator(".view-line", { hasText: text });
const toolbar = () => workbench.page.locator(".debug-toolbar");
const press = (name: RegExp) => toolbar().getByRole("button", { name }).first().click();
/** The line of a cell at which it stands, without blanks. */
const stoppedAt = (index: number) =>
  eventually(async () => {
    const marks = cell(index).locator(".debug-top-stack-frame-line");
    if ((await marks.count()) === 0) return "";
    const top = (await marks.first().boundingBox())?.y ?? -1;
    for (const shown of await cell(index).locator(".view-line").all()) {
      if (Math.abs(((await shown.boundingBox())?.y ?? 0) - top) < 5)
        return (await shown.textContent())?.replaceAll(/[^!-~]/g, ""); // blanks, and what VS Code puts between
    }
    return "?";
  });
/** Names and values of the panel, whose first scope VS Code does not always open. */
const variables = () =>
  eventually(async () => {
    const rows = workbench.page.locator(".debug-variables .monaco-list-row");
    const closed = workbench.page.locator('.debug-variables .monaco-list-row[aria-level="1"][aria-expanded="false"]');
    if ((await rows.count()) === (await closed.count()) && (await closed.count()) > 0) await closed.first().click();
    return (await rows.allTextContents()).join("\n");
  });

async function toggleBreakpoint(index: number, text: string): Promise<void> {
  await line(index, text).click();
  await workbench.page.keyboard.press("F9");
  await cell(index).locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-unverified").first().waitFor();
}

async function debugCell(index: number): Promise<void> {
  await cell(index).locator(".view-line").last().click(); // the toolbar is that of the cell in focus
  await cell(index)
    .getByRole("button", { name: /^Debug Cell/ })
    .click();
}

describe("Debug Cell", () => {
  it("stops at a breakpoint, shows variables and tensors, and steps into an earlier cell", async () => {
    await notebook.run(DEFINE);
    await status(DEFINE).toBe("success");
    await toggleBreakpoint(CALL, "scale(factor)");
    await debugCell(CALL);
    await stoppedAt(CALL).toBe("constscaled=scale(factor);");
    await variables().toContain("factor");
    await status(CALL).toBe("executing");
    await press(/^Step Into/);
    await stoppedAt(DEFINE).toContain("constweights=tensor(");
    await press(/^Step Over/);
    await stoppedAt(DEFINE).toContain("returnweights.mul(x)");
    await variables().toContain("float32[2, 2] (1, 2, …)");
    await workbench.screenshot("debug-1-stepped-into");
  });

  it("ends with the cell, whose result is there", async () => {
    await press(/^Continue/);
    await status(CALL).toBe("success");
    await eventually(() => notebook.outputs()).toContainEqual(expect.stringContaining("tensor(100.)"));
    await eventually(() => toolbar().isVisible()).toBe(false);
    expect(await notebook.state(CALL)).toMatchObject({ status: "success", order: "[2]" });
  });

  it("stops where an error is thrown, and its Stop button ends the cell", async () => {
    await debugCell(THROW);
    await stoppedAt(THROW).toContain("thrownewRangeError");
    await workbench.page.locator(".zone-widget.exception-widget-container", { hasText: "no such layer: 3" }).waitFor();
    await workbench.screenshot("debug-2-error");
    await press(/^Stop/);
    await status(THROW).toBe("error");
    await eventually(() => toolbar().isVisible()).toBe(false);
  });

  it("leaves the notebook as it was: cells run without it, past the breakpoint", async () => {
    await notebook.run(CALL);
    await eventually(async () => (await notebook.state(CALL)).order).toBe("[4]");
    await status(CALL).toBe("success");
  });
});
