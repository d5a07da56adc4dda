// The kernelspec by which Jupyter clients find and start the kernel: written, found again and removed.
// Source: jupyter_client, docs/kernels.rst, "Kernel specs"; data folders as in jupyter_core, paths.py.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { KERNEL_FLAGS } from "../client/kernel-flags.ts";

export const KERNEL_NAME = "lectern";

export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: "typescript";
  /** Interrupt by message: a signal would reach the kernel process, which runs no cells. */
  readonly interrupt_mode: "message";
  readonly metadata: { readonly debugger: true };
}

export interface InstalledKernelspec {
  /** Path of its kernel.json. */
  readonly path: string;
  /** What the file says; undefined when it is no JSON. */
  readonly spec: Partial<Kernelspec> | undefined;
}

export function kernelspec(nodePath: string, kernelPath: string): Kernelspec {
  return {
    argv: [nodePath, ...KERNEL_FLAGS, kernelPath, "--connection-file", "{connection_file}"],
    display_name: "TypeScript (Lectern)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: true },
  };
}

/** Returns the path of the written kernel.json. `prefix` installs below PREFIX/share/jupyter, for example a Python venv. */
export async function installKernelspec(spec: Kernelspec, prefix?: string): Promise<string> {
  const path = specPath(dataFolder(prefix));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(spec, null, 2)}\n`);
  return path;
}

/** Removes what {@link installKernelspec} wrote. Returns the path of the kernel.json that is gone, or undefined when there was none. */
export async function uninstallKernelspec(prefix?: string): Promise<string | undefined> {
  const path = specPath(dataFolder(prefix));
  if ((await readSpec(path)) === undefined) return undefined;
  await rm(dirname(path), { recursive: true });
  return path;
}

/** Every kernelspec of ours where a Jupyter client of this user looks, in the order in which it looks. */
export async function findKernelspecs(env: NodeJS.ProcessEnv = process.env): Promise<InstalledKernelspec[]> {
  const environments = [env.VIRTUAL_ENV, env.CONDA_PREFIX].filter((folder) => folder !== undefined);
  const folders = [
    ...(env.JUPYTER_PATH?.split(delimiter).filter((folder) => folder !== "") ?? []),
    userDataFolder(env),
    ...environments.map(dataFolder),
    ...["/usr/local", "/usr"].map(dataFolder),
  ];
  const found = await Promise.all([...new Set(folders)].map((folder) => readSpec(specPath(folder))));
  return found.filter((spec) => spec !== undefined);
}

/** Paths of Node and of the kernel that it starts; empty where the file does not say. */
export function programsOf({ argv = [] }: Partial<Kernelspec> = {}): {
  readonly node: string;
  readonly kernel: string;
} {
  return { node: argv[0] ?? "", kernel: argv[argv.indexOf("--connection-file") - 1] ?? "" };
}

const specPath = (folder: string): string => join(folder, "kernels", KERNEL_NAME, "kernel.json");

const dataFolder = (prefix: string | undefined): string =>
  prefix === undefined ? userDataFolder() : join(prefix, "share", "jupyter");

async function readSpec(path: string): Promise<InstalledKernelspec | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return { path, spec: JSON.parse(text) as Partial<Kernelspec> };
  } catch {
    return { path, spec: undefined };
  }
}

function userDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}
