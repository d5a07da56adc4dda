// Who takes part: ours, the ceiling, and the peers by the names that they have in results. How each is started, whether it is
// there, and how `--install` brings it. Peers lie below .cache/ and are no dependencies of the project.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { NODE_FLAGS } from "../../kernel/session/engine-process.ts";
import { aptInstall } from "../python.ts";
import type { Command } from "./contender.ts";

const here = import.meta.dirname;
const pythonFolder = resolve(".cache/bench-python");
const blasFolder = resolve(".cache/bench-blas");
export const nodeFolder = resolve(".cache/bench-node");
const python = join(pythonFolder, "bin/python");
const debianPython = "/usr/bin/python3";

const inNode = (name: string, script: string, flags: readonly string[]): Command => ({
  name,
  path: process.execPath,
  args: [...flags, join(here, script)],
});

/** Both run with the flags of the engine process: times are those of cells. */
export const ours: Command = inNode("ours", "peers/ours.ts", NODE_FLAGS);
export const ceiling: Command = inNode("ceiling", "ceiling/ceiling.ts", NODE_FLAGS);

interface Peer {
  readonly command: Command;
  isThere(): boolean;
  install(): void;
}

const runs = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0;

function must(command: string, ...args: readonly string[]): void {
  console.log(`$ ${[command, ...args].join(" ")}`);
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${command} failed${error ? `: ${error.message}` : ""}`);
}

const pytorch = (name: string, path: string, install: () => void, libraries?: string): Peer => ({
  command: { name, path, args: [join(here, "peers/pytorch.py")], env: libraries ? { LD_LIBRARY_PATH: libraries } : {} },
  isThere: () => existsSync(path) && (!libraries || existsSync(libraries)) && runs(path, "-c", "import torch"),
  install,
});

/** Into the folder that all peers from npm share. */
export function installFromNpm(packages: readonly string[]): void {
  mkdirSync(nodeFolder, { recursive: true });
  const manifest = join(nodeFolder, "package.json");
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true, "type": "module" }\n');
  must("npm", "install", "--prefix", nodeFolder, "--loglevel=error", ...packages);
}

/** The flag lets a peer's script resolve packages from the folder that they are installed in. */
const npm = (name: string, script: string, packages: readonly string[]): Peer => ({
  command: {
    ...inNode(name, script, ["--experimental-import-meta-resolve", "--no-warnings"]),
    env: { LECTERN_BENCH_PACKAGES: pathToFileURL(join(nodeFolder, "package.json")).href },
  },
  isThere: () => packages.every((each) => existsSync(join(nodeFolder, "node_modules", each))),
  install: () => installFromNpm(packages),
});

export const PEERS = {
  // PyPI's wheel for Linux is CUDA's: 3 GB with the libraries that it cannot be imported without. By hand, never in CI.
  "pytorch-2.x": pytorch("pytorch-2.x", python, () => {
    must("python3", "-m", "venv", pythonFolder);
    must(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "torch>=2", "numpy");
  }),
  // Debian's multiplies with whatever BLAS the system has, by default the reference one at a fortieth of the speed. OpenBLAS
  // is unpacked beside it rather than installed, so that the system stays as it is.
  "pytorch-1.13-debian": pytorch(
    "pytorch-1.13-debian",
    debianPython,
    () => {
      if (!runs(debianPython, "-c", "import torch") && !aptInstall("python3-torch")) {
        throw new Error("needs root on Debian: apt-get install python3-torch");
      }
      mkdirSync(blasFolder, { recursive: true });
      must("sh", "-c", `cd ${blasFolder} && apt-get download libopenblas0-openmp && dpkg -x *.deb .`);
    },
    join(blasFolder, "usr/lib/x86_64-linux-gnu/openblas-openmp"),
  ),
  "jax-js": npm("jax-js", "peers/jax-js.ts", ["@jax-js/jax"]),
  tfjs: npm("tfjs", "peers/tfjs.ts", ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"]),
} as const satisfies Readonly<Record<string, Peer>>;

export type PeerName = keyof typeof PEERS;
export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[];

/** Installs what is missing; a peer that cannot be had is said, and the others go on. */
export function installPeers(names: readonly PeerName[]): void {
  for (const name of names) {
    if (PEERS[name].isThere()) continue;
    try {
      PEERS[name].install();
    } catch (error) {
      console.log(`${name}: ${(error as Error).message}`);
    }
  }
}
