// A Python of the tests' own, below .cache/python, with the Jupyter clients and the PyTorch that judge kernel and engine.
// Users need no Python.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";

export const pythonFolder = resolve(".cache/python");
const requirements = "test/requirements.txt";
const stamp = `${pythonFolder}/requirements.installed`;

/** Path of the interpreter that {@link ensurePython} installs. */
export const python = `${pythonFolder}/bin/python`;

/** Returns why there is no such Python, or undefined when there is one. */
export async function ensurePython(): Promise<string | undefined> {
  const wanted = `${system}\n${await readFile(requirements, "utf8")}`;
  const installed = await readFile(stamp, "utf8").catch(() => "");
  if (installed === wanted && existsSync(python)) return undefined;
  const created = create() || (aptInstall("python3-venv") && create());
  if (!created) return "python3 with the venv module is needed; on Debian: apt-get install python3-venv";
  if (!run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements)) {
    return `pip could not install ${requirements}`;
  }
  await writeFile(stamp, wanted);
  return undefined;
}

/** The system's Python where there is one, and its packages: PyTorch is Debian's. */
const system = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
const createVenv = ["-m", "venv", "--clear", "--system-site-packages", pythonFolder];
const create = (): boolean => run(system, ...createVenv);

/** {@link ensurePython}, and PyTorch in it. */
export async function ensureTorch(): Promise<string | undefined> {
  const reason = await ensurePython();
  if (reason !== undefined || importsTorch()) return reason;
  if (aptInstall("python3-torch") && importsTorch()) return undefined;
  return "PyTorch is needed; on Debian: apt-get install python3-torch";
}

const importsTorch = (): boolean => spawnSync(python, ["-c", "import torch"]).status === 0;

/** Whether Debian's package is installed now. */
export const aptInstall = (debianPackage: string): boolean =>
  process.getuid?.() === 0 && run("apt-get", "update", "-qq") && run("apt-get", "install", "-y", "-qq", debianPackage);

const run = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: "inherit" }).status === 0;
