// Puts the real VS Code workbench on this machine for the tests: code-server from npm below .cache/code-server (385 MB, kept
// between runs) and Debian's Chromium. Not a dependency of the package: a plain install would compile native modules.

import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { ensureChromium } from "./chromium.ts";

/** Carries VS Code 1.139.1. */
const VERSION = "4.139.1";

/** The workbench cannot be had here; the message says why. */
class NoWorkbenchError extends Error {
  override readonly name = "NoWorkbenchError";
}

/** Returns why there is no workbench, or undefined when there is one. */
export async function ensureCodeServer(): Promise<string | undefined> {
  try {
    await installCodeServer();
    return undefined;
  } catch (error) {
    if (error instanceof NoWorkbenchError) return error.message;
    throw error;
  }
}

/** Installs what is missing, Chromium too; a second call finds everything in place. Returns what node runs to start code-server. */
export async function installCodeServer(root = resolve(import.meta.dirname, "..")): Promise<string> {
  const reason = await ensureChromium();
  if (reason !== undefined) throw new NoWorkbenchError(reason);
  const dir = join(root, ".cache", "code-server");
  const entry = join(dir, "node_modules", "code-server", "out", "node", "entry.js");
  const stamp = join(dir, "installed-version");
  if ((await readFile(stamp, "utf8").catch(() => "")) !== VERSION) {
    await installFromNpm(dir);
    run(process.execPath, [entry, "--config", join(dir, "config.yaml"), "--version"], dir);
    await writeFile(stamp, VERSION);
  }
  return entry;
}

/** No install scripts, so nothing is compiled; the links are what code-server's own script would have made. */
async function installFromNpm(dir: string): Promise<void> {
  if (!process.version.startsWith("v24.")) {
    throw new NoWorkbenchError(`code-server ${VERSION} installs under Node 24 only, this is ${process.version}`);
  }
  await mkdir(dir, { recursive: true });
  await writeFile(
    join(dir, "package.json"),
    JSON.stringify({ private: true, dependencies: { "code-server": VERSION } }),
  );
  const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
  const vscode = join(dir, "node_modules", "code-server", "lib", "vscode");
  run("npm", install, dir);
  run("npm", [...install, "--omit=dev"], vscode);
  run("npm", [...install, "--omit=dev"], join(vscode, "extensions"));
  await link("code-linux.sh", join(vscode, "bin", "remote-cli", "code-server"));
  await link("browser-linux.sh", join(vscode, "bin", "helpers", "browser.sh"));
  // 230 MB that no test needs.
  for (const unused of ["node_modules/@github", "node_modules/@microsoft/mxc-sdk", "extensions/copilot"]) {
    await rm(join(vscode, unused), { recursive: true, force: true });
  }
}

async function link(target: string, path: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

function run(command: string, args: readonly string[], cwd: string): void {
  // npm reads the version of the node that is first in PATH.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
  const { status, stderr, error } = spawnSync(command, args, { cwd, env, encoding: "utf8" });
  if (status === 0) return;
  const reason = error?.message ?? stderr.trim().split("\n").slice(-5).join("\n");
  throw new NoWorkbenchError(`${command} ${args.join(" ")} failed: ${reason}`);
}
