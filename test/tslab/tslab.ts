// The real tslab, from npm below .cache/tslab: the peer whose notebooks run here unchanged. Not a dependency of the package: it brings
// a TypeScript and a bundler of its own, 70 MB.

import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { nodePath } from "../wire/real-kernel.ts";

export const TSLAB_VERSION = "1.0.22";

const folder = resolve(".cache/tslab");

/** Returns why there is no tslab, or undefined when there is one. */
export async function ensureTslab(): Promise<string | undefined> {
  const stamp = join(folder, "installed-version");
  if ((await readFile(stamp, "utf8").catch(() => "")) === TSLAB_VERSION) return undefined;
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ private: true, dependencies: { tslab: TSLAB_VERSION } }),
  );
  // Nested, as in a global installation: tslab looks for @types/node in its own folder.
  const install = [
    "install",
    "--install-strategy=nested",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const { status } = spawnSync("npm", install, { cwd: folder, stdio: "inherit" });
  if (status !== 0) return `npm could not install tslab ${TSLAB_VERSION} into ${folder}`;
  await writeFile(stamp, TSLAB_VERSION);
  return undefined;
}

/** The program, where {@link ensureTslab} has put it. */
export const tslabPath = join(folder, "node_modules/tslab/bin/tslab");

/** What `tslab install` writes into its kernelspec. */
export const tslabArgv = (connectionFile: string): [string, ...string[]] => [
  nodePath,
  tslabPath,
  "kernel",
  `--config-path=${connectionFile}`,
];
