// The versions of jupyter_kernel_test that judge the kernel: pip's newest and Debian's, each with a client of its time. They cannot both
// be in one Python, so each lies in a folder of its own.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ensurePython, python } from "./python.ts";

export type KernelTestVersion = "0.7.0" | "0.4.5";

/** Version → version of jupyter_client. */
const CLIENTS: Readonly<Record<KernelTestVersion, string>> = { "0.7.0": "8.*", "0.4.5": "7.4.9" };

export const KERNEL_TEST_VERSIONS = Object.keys(CLIENTS) as KernelTestVersion[];

/** For Python's path. */
export const kernelTestFolder = (version: KernelTestVersion): string => resolve(`.cache/kernel-test/${version}`);

/** Returns why they cannot be had, or undefined when they are there. */
export async function ensureKernelTests(): Promise<string | undefined> {
  const reason = await ensurePython();
  if (reason !== undefined) return reason;
  for (const version of KERNEL_TEST_VERSIONS) {
    const folder = kernelTestFolder(version);
    if (existsSync(`${folder}/jupyter_kernel_test`)) continue;
    const options = ["--quiet", "--disable-pip-version-check", "--ignore-installed", "--target", folder];
    const packages = [`jupyter_kernel_test==${version}`, `jupyter_client==${CLIENTS[version]}`, "jsonschema==4.*"];
    const { status } = spawnSync(python, ["-m", "pip", "install", ...options, ...packages], { stdio: "inherit" });
    if (status !== 0) return `pip could not install jupyter_kernel_test ${version}`;
  }
  return undefined;
}
