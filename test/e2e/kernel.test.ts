// What a user does with a notebook beside running it: stops it, restarts it, breaks it, saves it and comes back.

import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NotebookPage } from "./notebook-page.ts";
import { Workbench } from "./workbench.ts";
import { writeNotebook } from "./write-notebook.ts";

const CELLS = [
  "let kept = 41;",
  "while (true) {}",
  "kept + 1",
  'process.kill(process.pid, "SIGKILL");\nawait new Promise(() => {});',
  'const depth = 2;\nthrow new RangeError("no such layer");',
  `import { newDisplay } from "lectern";
const chart = newDisplay();
for (let epochs = 2; epochs <= 20; epochs++) {
  const y = Array.from({ length: epochs }, (_, epoch) => Math.exp(-epoch / 5));
  const layout = { height: 300, xaxis: { title: { text: "epoch" } }, yaxis: { title: { text: "loss" } } };
  chart.raw("application/vnd.plotly.v1+json", { data: [{ type: "scatter", y }], layout });
  await new Promise((resolve) => setTimeout(resolve, 150));
}`,
  'const answer = prompt("Your name?"); "Hello " + answer',
  'console.log("at once"); setTimeout(() => console.log("late"), 700); undefined',
] as const;
const [LET, LOOP, READ, KILL, THROW, CHART, ASK, LATE] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

let workbench: Workbench;
let notebook: NotebookPage;

beforeAll(async () => {
  workbench = await Workbench.start({
    prepare: async (workspace) => {
      await writeNotebook(join(workspace, "trial.ipynb"), CELLS);
      await writeNotebook(join(workspace, "unnamed.ipynb"), ["const six: number = 6; six * 7"], {});
    },
  });
  notebook = await NotebookPage.open(workbench.page, "trial.ipynb");
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed: ${task.name}`);
});

afterAll(() => workbench?.[Symbol.asyncDispose]());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000, interval: 50 });
const status = (index: number) => eventually(async () => (await notebook.state(index)).status);
const outputs = () => eventually(() => notebook.outputs());

describe("a notebook in VS Code", () => {
  it("offers Lectern as its kernel", async () => {
    await eventually(() => notebook.kernel().textContent()).toBe("TypeScript (Lectern)");
  });

  it("stops an endless loop, runs nothing behind it and keeps the variables", async () => {
    await notebook.run(LET);
    await status(LET).toBe("success");
    await notebook.run(LOOP);
    await status(LOOP).toBe("executing");
    await notebook.run(READ);
    await status(READ).toBe("pending");
    await workbench.screenshot("kernel-1-endless-loop");
    await notebook.interrupt();
    await status(LOOP).toBe("error");
    await outputs().toEqual([expect.stringContaining("KeyboardInterrupt")]);
    expect((await notebook.state(READ)).order).toBe("[ ]");
    await notebook.run(READ);
    await status(READ).toBe("success");
    await outputs().toContain("42");
    await workbench.screenshot("kernel-2-stopped");
    expect(await notebook.state(READ)).toEqual({
      status: "success",
      order: "[3]",
      duration: expect.stringMatching(/^[\d.]+m?s$/),
    });
  });

  it("forgets the variables on restart", async () => {
    await notebook.restartKernel();
    await notebook.run(READ);
    await status(READ).toBe("error");
    await outputs().toContainEqual(expect.stringContaining("ReferenceError: kept is not defined"));
    await workbench.screenshot("kernel-3-restarted");
  });

  it("says that a cell has ended its own engine, and runs the next cell in a fresh one", async () => {
    await notebook.run(KILL);
    await status(KILL).toBe("error");
    await outputs().toContainEqual(expect.stringMatching(/EngineEnded.*SIGKILL/));
    await workbench.screenshot("kernel-4-engine-gone");
    await notebook.run(LET);
    await notebook.run(READ);
    await outputs().toContain("42");
  });

  it("ends the cell when the kernel itself dies, and starts a new one for the next cell", async () => {
    await notebook.run(LOOP);
    await status(LOOP).toBe("executing");
    for (const kernel of workbench.kernels()) process.kill(kernel, "SIGKILL");
    await status(LOOP).toBe("error");
    await outputs().toContainEqual(expect.stringContaining("KernelError"));
    await workbench.screenshot("kernel-5-kernel-gone");
    await notebook.run(LET);
    await notebook.run(READ);
    await outputs().toContain("42");
  });

  it("names error, line and place of a cell that throws", async () => {
    await notebook.run(THROW);
    await status(THROW).toBe("error");
    await outputs().toContainEqual(expect.stringMatching(/RangeError: no such layer[\s\S]*line 2/));
    await workbench.screenshot("kernel-6-error");
  });

  it("grows a chart in place while its cell runs", async () => {
    await notebook.run(CHART);
    const sizes = new Set<number>();
    await eventually(async () => {
      const [figure, ...others] = await notebook.figures();
      expect(others).toEqual([]);
      if (figure) sizes.add(figure.points[0] ?? 0);
      return (await notebook.state(CHART)).status;
    }).toBe("success");
    expect(sizes.size).toBeGreaterThanOrEqual(3);
    await eventually(async () => (await notebook.figures())[0]?.points).toEqual([20]);
    expect((await notebook.figures())[0]?.isClipped).toBe(false);
    await workbench.screenshot("kernel-7-chart");
  });

  it("saves outputs as Jupyter does and draws the figure again after a reload", async () => {
    const before = (await notebook.figures())[0];
    await notebook.save();
    const saved = JSON.parse(await readFile(join(workbench.workspace, "trial.ipynb"), "utf8"));
    expect(saved.cells[READ].outputs).toMatchObject([
      {
        output_type: "execute_result",
        execution_count: saved.cells[READ].execution_count,
        data: { "text/plain": ["42"] },
      },
    ]);
    expect(saved.cells[THROW].outputs).toMatchObject([{ output_type: "error", ename: "RangeError" }]);
    const [chart] = saved.cells[CHART].outputs;
    expect(chart.output_type).toBe("display_data");
    expect(Object.keys(chart.data)).toContain("application/vnd.plotly.v1+json");

    await workbench.page.reload();
    notebook = await NotebookPage.open(workbench.page, "trial.ipynb");
    await eventually(async () => (await notebook.figures())[0]?.curves).toEqual(before?.curves);
    await workbench.screenshot("kernel-8-reloaded");
  });

  it("follows a change of the colour theme", async () => {
    const light = (await notebook.figures())[0]?.textColor;
    await workbench.command("Preferences: Color Theme", "Dark 2026");
    await eventually(async () => (await notebook.figures())[0]?.textColor).not.toBe(light);
    await workbench.screenshot("kernel-9-dark");
  });

  it("saves a figure as PNG where the user says", async () => {
    await notebook.clickFigureButton("Save as PNG");
    const path = workbench.page.locator(".quick-input-widget input");
    await eventually(() => path.inputValue()).toMatch(/figure\.png$/);
    await workbench.screenshot("kernel-10-save-png");
    await workbench.page.keyboard.press("Enter");
    const file = join(workbench.workspace, "figure.png");
    await eventually(() =>
      access(file).then(
        () => true,
        () => false,
      ),
    ).toBe(true);
    expect((await readFile(file)).subarray(1, 4).toString()).toBe("PNG");
    await workbench.page.getByRole("tab", { name: /^figure\.png/ }).waitFor(); // VS Code shows what it has saved
    await workbench.screenshot("kernel-11-saved-png");
    await notebook.closeTab();
  });

  it("asks in an input box what a cell asks, and stops asking when the cell is stopped", async () => {
    await notebook.scroll(3000);
    await notebook.run(ASK);
    const box = workbench.page.locator(".quick-input-widget input");
    await box.waitFor({ state: "visible" });
    await workbench.screenshot("kernel-14-prompt");
    await box.fill("Ada");
    await workbench.page.keyboard.press("Enter");
    await outputs().toContain("'Hello Ada'");
    await notebook.run(ASK);
    await box.waitFor({ state: "visible" });
    await notebook.interrupt();
    await box.waitFor({ state: "hidden" });
    await outputs().toContainEqual(expect.stringContaining("KeyboardInterrupt"));
  });

  it("appends late output to the cell that caused it, whose count and mark stay", async () => {
    await notebook.run(LATE);
    await status(LATE).toBe("success");
    const { order } = await notebook.state(LATE);
    expect(order).toMatch(/^\[\d+\]$/);
    await outputs().toContainEqual(expect.stringMatching(/^at once\s+late$/));
    await eventually(() => notebook.state(LATE)).toMatchObject({ status: "success", order });
    await workbench.screenshot("kernel-15-late-output");
    await notebook.scroll(-3000);
  });

  it("ends its kernel when it is closed", async () => {
    await notebook.run(LET);
    await status(LET).toBe("success");
    expect(workbench.kernels().length).toBe(1);
    await notebook.save();
    await notebook.closeTab();
    await eventually(async () => workbench.kernels()).toEqual([]);
  });

  it("runs a notebook that does not say its language", async () => {
    const unnamed = await NotebookPage.open(workbench.page, "unnamed.ipynb");
    await workbench.screenshot("kernel-12-unnamed");
    await unnamed.runAll();
    await eventually(() => unnamed.outputs()).toEqual(["42"]);
    await workbench.screenshot("kernel-13-unnamed-run");
  });
});
