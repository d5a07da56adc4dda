#!/usr/bin/env node
// Entry point of the command line: `lectern run`, `install`, `uninstall`, `devices` and `doctor`.

import "./require-node.ts";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError, Option } from "commander";
import { type CellParameters, ParameterError, parseParameter } from "../command-line/cell-parameters.ts";
import { doctorChecks } from "../command-line/doctor/checks.ts";
import { runDoctor } from "../command-line/doctor/doctor.ts";
import { installKernelspec, KERNEL_NAME, kernelspec, uninstallKernelspec } from "../command-line/kernelspec.ts";
import { listDevices } from "../command-line/list-devices.ts";
import { runNotebook } from "../command-line/run-notebook.ts";
import { devices } from "../compute/device-wanted.ts";
import { NotebookFormatError } from "../notebook/notebook-file.ts";
import { SettingError } from "../settings/setting-error.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};
const kernelPath = fileURLToPath(new URL("./kernel.js", import.meta.url));

const thread = (file: string) => new URL(file, import.meta.url);
const deviceFiles = { follower: thread("./follower.js"), gpuThread: thread("./gpu-thread.js") };

interface RunFlags {
  readonly output?: string;
  readonly device?: string;
  readonly parameter?: CellParameters;
  readonly timeout?: number;
  readonly allowErrors?: true;
}

/** Exit code: what was asked for cannot be done. */
const USAGE = 2;

const RUN_NOTES = `
A cell tagged "raises-exception" may fail; one tagged "skip-execution" is left out.
Exit code: 0 when the notebook ran to its end, 1 when a cell stopped it, 2 when it could not be run, 130 for Ctrl-C.`;

const program = new Command("lectern").description("Deep-learning notebooks in TypeScript").version(version);
program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : USAGE));

program
  .command("run")
  .description("execute a notebook and write it with its outputs")
  .argument("<notebook>", "path of the .ipynb file; cells run in its folder")
  .option("-o, --output <file>", "where the executed notebook goes (default: NOTEBOOK.executed.ipynb)")
  .addOption(
    new Option("-d, --device <device>", "where new tensors live (default: LECTERN_DEVICE, else cpu)").choices(devices),
  )
  .option(
    "-p, --parameter <name=value>",
    'a value for a name that the cell tagged "parameters" declares; JSON or text; may be repeated',
    parseParameter,
  )
  .option("-t, --timeout <seconds>", "interrupt a cell that runs longer; it has failed", toSeconds)
  .option("--allow-errors", "go on behind a cell that fails")
  .addHelpText("after", RUN_NOTES)
  .action(async (notebook: string, { output, device, parameter, timeout, allowErrors }: RunFlags) => {
    process.exitCode = await runNotebook({
      notebook,
      output: output ?? notebook.replace(/(\.ipynb)?$/, ".executed.ipynb"),
      parameters: parameter ?? {},
      timeoutSeconds: timeout,
      allowErrors: allowErrors ?? false,
      kernelPath,
      env: device === undefined ? process.env : { ...process.env, LECTERN_DEVICE: device },
    });
  });

program
  .command("devices")
  .description("list what computes on this machine: processor and GPU")
  .action(() => {
    const lines = listDevices(deviceFiles);
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

program
  .command("uninstall")
  .description("make Jupyter forget the kernel")
  .option("--prefix <folder>", "as it was installed (default: for this user)")
  .action(async ({ prefix }: { prefix?: string }) => {
    const path = await uninstallKernelspec(prefix);
    process.stdout.write(
      path ? `Removed kernel "${KERNEL_NAME}": ${path}\n` : "Not installed there: nothing to remove.\n",
    );
  });

program
  .command("doctor")
  .description("try everything that Lectern needs, and say how to mend what does not work")
  .action(async () => {
    const checks = doctorChecks({ version, kernelPath, ...deviceFiles });
    process.exitCode = await runDoctor(checks, (line) => process.stdout.write(`${line}\n`));
  });

try {
  await program.parseAsync();
} catch (error) {
  // What a user can mend is said in a line; anything else is a defect and keeps its stack.
  const isFileProblem = error instanceof Error && "code" in error && "path" in error;
  const isKnown = [NotebookFormatError, SettingError, ParameterError].some((family) => error instanceof family);
  if (!isFileProblem && !isKnown) throw error;
  process.stderr.write(`lectern: ${(error as Error).message}\n`);
  process.exitCode = USAGE;
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0) return seconds;
  throw new InvalidArgumentError("Expected a number of seconds above 0.");
}
