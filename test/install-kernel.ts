// The kernel as Jupyter clients find it: installed into the tests' own Python by the command line.

import { spawnSync } from "node:child_process";
import { pythonFolder } from "./python.ts";

/** Throws with all output when it fails. */
export function installKernel(): void {
  run("node", "dist/lectern.js", "install", "--prefix", pythonFolder);
}

/** Runs a command to its end; throws with all output when it fails. */
export function run(command: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed\n${stdout}\n${stderr}`);
}
