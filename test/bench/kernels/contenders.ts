// The TypeScript kernels that are measured side by side, each started by the command of its kernelspec. Peers come from npm and lie
// below .cache/: tslab where its tests have it, Deno beside the other peers of the benchmark.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { ownArgv } from "../../jupyter-client.ts";
import { ensureTslab, tslabArgv, tslabPath } from "../../tslab/tslab.ts";
import { kernelPath } from "../../wire/real-kernel.ts";
import { installFromNpm, nodeFolder } from "../contenders.ts";

const deno = join(nodeFolder, "node_modules/.bin/deno");

export const KERNEL_NAMES = ["ours", "tslab", "deno"] as const;
export type KernelName = (typeof KERNEL_NAMES)[number];

type Argv = (connectionFile: string) => readonly [string, ...string[]];

export const KERNELS: Readonly<Record<KernelName, Argv>> = {
  ours: ownArgv,
  tslab: tslabArgv,
  deno: (file) => [deno, "jupyter", "--kernel", "--conn", file],
};

export const isThere = (name: KernelName): boolean => existsSync({ ours: kernelPath, tslab: tslabPath, deno }[name]);

/** Installs the peers that are missing. Throws when npm fails. */
export async function installKernels(): Promise<void> {
  const problem = await ensureTslab();
  if (problem !== undefined) throw new Error(problem);
  if (!isThere("deno")) installFromNpm(["deno"]);
}
