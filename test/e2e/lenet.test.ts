// The lecture "LeNet-5" as a student works through it: opened in VS Code, Run All, and the pictures looked at.

import { cp, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { PROGRESS_MIME } from "#protocol";
import { type DrawnFigure, NotebookPage } from "./notebook-page.ts";
import { Workbench } from "./workbench.ts";

const CELLS = 10;

let workbench: Workbench;
let notebook: NotebookPage;

beforeAll(async () => {
  workbench = await Workbench.start({
    prepare: (workspace) => cp("notebooks", join(workspace, "notebooks"), { recursive: true }),
    folder: "notebooks",
    viewport: { width: 1280, height: 7000 }, // all cells in sight, because VS Code draws no others
  });
  notebook = await NotebookPage.open(workbench.page, "06-lenet-5.ipynb");
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed: ${task.name}`);
});

afterAll(() => workbench?.[Symbol.asyncDispose]());

const chartOf = (figures: readonly DrawnFigure[]) => figures.find(({ curves }) => curves.length > 0);

describe("06-lenet-5.ipynb in VS Code", () => {
  it("shows a training chart that grows while the cell trains, and finishes every cell", async () => {
    expect(await notebook.count()).toBe(CELLS);
    await notebook.runAll();
    const pictures = new Set<string>();
    await expect
      .poll(
        async () => {
          const states = await notebook.states();
          const training = states.some(({ status }) => status === "executing");
          const chart = chartOf(await notebook.figures());
          if (training && chart && !pictures.has(chart.curves.join())) {
            pictures.add(chart.curves.join());
            if (pictures.size === 3) await workbench.screenshot("lenet-1-training");
          }
          return states.map(({ status }) => status);
        },
        { timeout: 150_000, interval: 50 },
      )
      .toEqual(Array(CELLS).fill("success"));
    expect(pictures.size).toBeGreaterThanOrEqual(3);
  });

  it("numbers the cells in their order and shows how long each took", async () => {
    for (const [index, { order, duration }] of (await notebook.states()).entries()) {
      expect(order).toBe(`[${index + 1}]`);
      expect(duration).toMatch(/^[\d.]+m?s$|^\d+m/);
    }
  });

  it("prints a test accuracy of at least 97 %", async () => {
    const accuracy = /Test accuracy (\d+\.\d+) %/.exec((await notebook.outputs()).join("\n"))?.[1];
    expect(Number(accuracy)).toBeGreaterThanOrEqual(97);
  });

  it("draws digits, filters and the confusion matrix, each within its output", async () => {
    const bitmaps = async () => (await notebook.figures()).filter((figure) => figure.bitmaps > 0).length;
    await expect.poll(bitmaps, { timeout: 30_000 }).toBeGreaterThanOrEqual(4);
    for (const figure of await notebook.figures()) {
      expect(figure.isClipped).toBe(false);
      expect(figure.width).toBeGreaterThan(200);
    }
    await workbench.screenshot("lenet-2-done");
  });

  it("is saved with pictures for readers without Plotly, and without the training's progress", async () => {
    await notebook.save();
    const saved = await readFile(join(workbench.workspace, "notebooks/06-lenet-5.ipynb"), "utf8");
    expect(saved.match(/"image\/png"/g)?.length).toBe((await notebook.figures()).length);
    expect(saved).not.toContain(PROGRESS_MIME);
  });

  it("draws everything again in a dark theme", async () => {
    const colors = async () => (await notebook.figures()).map(({ textColor }) => textColor);
    const light = await colors();
    await workbench.command("Preferences: Color Theme", "Dark 2026");
    const unchanged = async () => (await colors()).filter((color) => light.includes(color));
    await expect.poll(unchanged, { timeout: 30_000 }).toEqual([]);
    await workbench.screenshot("lenet-3-dark");
  });

  it("saves the trained weights next to the notebooks' folder", async () => {
    expect((await stat(join(workbench.workspace, "out/lenet-5.safetensors"))).size).toBeGreaterThan(61_706 * 4);
  });
});
