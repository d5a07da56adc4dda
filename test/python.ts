// A Python of the tests' own, below .cache/python, with the Jupyter clients that judge the kernel. Users need no Python.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";

const folder = resolve(".cache/python");
const requirements = "test/requirements.txt";
const stamp = `${folder}/requirements.installed`;

/** Path of the interpreter that {@link ensurePython} installs. */
export const python = `${folder}/bin/python`;

/** Returns why there is no such Python, or undefined when there is one. */
export async function ensurePython(): Promise<string | undefined> {
  const wanted = await readFile(requirements, "utf8");
  const installed = await readFile(stamp, "utf8").catch(() => "");
  if (installed === wanted && existsSync(python)) return undefined;
  const created =
    run("python3", "-m", "venv", "--clear", folder) ||
    (installVenv() && run("python3", "-m", "venv", "--clear", folder));
  if (!created) return "python3 with the venv module is needed; on Debian: apt-get install python3-venv";
  if (!run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements)) {
    return `pip could not install ${requirements}`;
  }
  await writeFile(stamp, wanted);
  return undefined;
}

const installVenv = (): boolean =>
  process.getuid?.() === 0 && run("apt-get", "update", "-qq") && run("apt-get", "install", "-y", "-qq", "python3-venv");

const run = (command: string, ...args: string[]): boolean =>
  spawnSync(command, args, { stdio: "inherit" }).status === 0;
