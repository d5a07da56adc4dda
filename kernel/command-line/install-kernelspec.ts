// `lectern install`: writes the kernelspec by which Jupyter clients find and start the kernel.
// Source: jupyter_client, docs/kernels.rst, "Kernel specs"; data folders as in jupyter_core, paths.py.

import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

export const KERNEL_NAME = "lectern";

export interface Kernelspec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: "typescript";
  /** Interrupt by message: a signal would reach the kernel process, which runs no cells. */
  readonly interrupt_mode: "message";
  readonly metadata: { readonly debugger: false };
}

export function kernelspec(nodePath: string, kernelPath: string): Kernelspec {
  return {
    argv: [nodePath, kernelPath, "--connection-file", "{connection_file}"],
    display_name: "TypeScript (Lectern)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
}

/** Returns the path of the written kernel.json. `prefix` installs below PREFIX/share/jupyter, for example a Python venv. */
export async function installKernelspec(spec: Kernelspec, prefix?: string): Promise<string> {
  const folder = join(prefix ? join(prefix, "share", "jupyter") : userDataFolder(), "kernels", KERNEL_NAME);
  await mkdir(folder, { recursive: true });
  const path = join(folder, "kernel.json");
  await writeFile(path, `${JSON.stringify(spec, null, 2)}\n`);
  return path;
}

function userDataFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (process.platform === "win32") return join(env.APPDATA ?? join(homedir(), "AppData", "Roaming"), "jupyter");
  return join(env.XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "jupyter");
}
