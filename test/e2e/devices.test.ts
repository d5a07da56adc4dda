// Where tensors live, as the workbench shows it.

import { mkdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { gpuEnvironment, hasSoftwareGpu } from "../gpu.ts";
import { NotebookPage } from "./notebook-page.ts";
import { Workbench } from "./workbench.ts";
import { writeNotebook } from "./write-notebook.ts";

const CELLS = [
  'import { device, ones } from "lectern";\nawait ones([3]).sum().item()',
  'device("webgpu");\nawait ones([3]).sum().item()',
];

let workbench: Workbench;

beforeAll(async () => {
  Object.assign(process.env, gpuEnvironment());
  workbench = await Workbench.start({
    prepare: async (workspace) => {
      await writeNotebook(join(workspace, "devices.ipynb"), CELLS);
      // The .vsix lacks it; it is found beside the notebook.
      await mkdir(join(workspace, "node_modules"));
      await symlink(resolve("node_modules/webgpu"), join(workspace, "node_modules", "webgpu"));
    },
    viewport: { width: 1280, height: 800 },
  });
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await workbench.screenshot(`failed: ${task.name}`);
});

afterAll(() => workbench?.[Symbol.asyncDispose]());

const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000, interval: 50 });

it("the status bar says where new tensors of a notebook live", async () => {
  const notebook = await NotebookPage.open(workbench.page, "devices.ipynb");
  await eventually(() => notebook.device()).toBe("CPU");
  await notebook.run(0);
  await eventually(() => notebook.device()).toMatch(/^CPU, \d+ threads?$/);
  await workbench.screenshot("devices-1-cpu");
  if (hasSoftwareGpu) {
    await notebook.run(1);
    await eventually(() => notebook.device()).toMatch(/^GPU: SwiftShader/);
    await eventually(() => notebook.outputs()).toEqual(["3", expect.stringMatching(/3$/)]); // Vulkan may have said something first
    await workbench.screenshot("devices-2-gpu");
  }
  await notebook.restartKernel();
  await eventually(() => notebook.device()).toBe("CPU");
});
