#!/usr/bin/env node
// Entry point of the command line: `lectern run`, `lectern install` and `lectern devices`.

import "./require-node.ts";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import { installKernelspec, KERNEL_NAME, kernelspec } from "../command-line/install-kernelspec.ts";
import { listDevices } from "../command-line/list-devices.ts";
import { runNotebook } from "../command-line/run-notebook.ts";
import { devices } from "../compute/device-wanted.ts";
import { SettingError } from "../compute/setting-error.ts";
import { NotebookFormatError } from "../notebook/notebook-file.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const kernelPath = fileURLToPath(new URL("./kernel.js", import.meta.url));

const program = new Command("lectern").description("Deep-learning notebooks in TypeScript").version(version);

program
  .command("run")
  .description("execute a notebook and write it with its outputs")
  .argument("<notebook>", "path of the .ipynb file; cells run in its folder")
  .option("-o, --output <file>", "where the executed notebook goes (default: NOTEBOOK.executed.ipynb)")
  .addOption(
    new Option("-d, --device <device>", "where new tensors live (default: LECTERN_DEVICE, else cpu)").choices(devices),
  )
  .action(async (notebook: string, { output, device }: { output?: string; device?: string }) => {
    const executed = output ?? notebook.replace(/(\.ipynb)?$/, ".executed.ipynb");
    const env = device === undefined ? process.env : { ...process.env, LECTERN_DEVICE: device };
    process.exitCode = await runNotebook({ notebook, output: executed, kernelPath, env });
  });

program
  .command("devices")
  .description("list what computes on this machine: processor and GPU")
  .action(() => {
    const threads = (file: string) => new URL(file, import.meta.url);
    const lines = listDevices({ follower: threads("./follower.js"), gpuThread: threads("./gpu-thread.js") });
    process.stdout.write(`${lines.join("\n")}\n`);
  });

program
  .command("install")
  .description("make the kernel known to Jupyter (JupyterLab, nbclient, papermill, VS Code's Jupyter extension)")
  .option("--prefix <folder>", "install below FOLDER/share/jupyter, for example a Python venv (default: for this user)")
  .action(async ({ prefix }: { prefix?: string }) => {
    const path = await installKernelspec(kernelspec(process.execPath, kernelPath), prefix);
    process.stdout.write(`Installed kernel "${KERNEL_NAME}": ${path}\n`);
  });

try {
  await program.parseAsync();
} catch (error) {
  // What a user can mend is said in a line; anything else is a defect and keeps its stack.
  const isFileProblem = error instanceof Error && "code" in error && "path" in error;
  if (!isFileProblem && !(error instanceof NotebookFormatError) && !(error instanceof SettingError)) throw error;
  process.stderr.write(`lectern: ${(error as Error).message}\n`);
  process.exitCode = 2;
}
