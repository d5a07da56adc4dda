// What a Node process hands to the engine: files, bundled assets, the web, and the folders of data sets. Used by the engine
// process, and by scripts and tests: `configureEngine(nodeFiles({ assets }))`.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { FileAccess } from "#engine/host";
import { nodeFolder } from "./node-folder.ts";

export interface NodeFilesOptions {
  /** The folder with the engine's assets, ending in a slash. */
  readonly assets: URL;
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Everything but `showProgress`, which needs somewhere to show it. */
export function nodeFiles({ assets, env = process.env }: NodeFilesOptions): Omit<FileAccess, "showProgress"> {
  return {
    readAsset: (name) => readFile(new URL(name, assets)),
    readFile,
    async writeFile(path, bytes) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes);
    },
    cache: nodeFolder(cacheFolder(env)),
    // Debian's dataset-… packages; elsewhere the folder is not there.
    datasetFolders: [nodeFolder("/usr/share/datasets")],
    fetch: (url, init) => fetch(url, init),
  };
}

/** Where downloaded data sets are kept: LECTERN_DATA, or the system's folder for caches. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  return env.LECTERN_DATA || ownCacheFolder(env, platform);
}

/** The system's folder for caches of this user, below which nobody else writes; data sets may lie in one that is shared. */
export function ownCacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "lectern");
  if (platform === "win32" && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, "lectern", "Cache");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "lectern");
  return join(homedir(), ".cache", "lectern");
}
