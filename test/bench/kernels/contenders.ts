// The TypeScript kernels that are measured side by side, each started by the command of its kernelspec. Peers come from npm and lie
// below .cache/, beside the other peers of the benchmark.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { kernelPath, nodePath } from "../../wire/real-kernel.ts";

const folder = resolve(".cache/bench-node");
const bin = (name: string): string => join(folder, "node_modules/.bin", name);

export const KERNEL_NAMES = ["ours", "tslab", "deno"] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

type Argv = (connectionFile: string) => readonly [string, ...string[]];

export const KERNELS: Readonly<Record<KernelName, Argv>> = {
  ours: (file) => [nodePath, kernelPath, "--connection-file", file],
  tslab: (file) => [nodePath, join(folder, "node_modules/tslab/bin/tslab"), "kernel", `--config-path=${file}`],
  deno: (file) => [bin("deno"), "jupyter", "--kernel", "--conn", file],
};

export const isThere = (name: KernelName): boolean => name === "ours" || existsSync(bin(name));

/** Installs the peers that are missing. Throws when npm fails. */
export function installKernels(): void {
  const missing = KERNEL_NAMES.filter((name) => !isThere(name));
  if (missing.length === 0) return;
  const { status } = spawnSync("npm", ["install", "--prefix", folder, "--loglevel=error", ...missing], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error(`npm could not install ${missing}`);
}
