// The engine's access to files, on Node: assets lie next to the bundle, everything else where the path says.
// Handed in by the engine process and by the library for scripts.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A file of the build's `assets` folder. */
export const readAsset = (name: string): Promise<Uint8Array> => readFile(new URL(`./assets/${name}`, import.meta.url));

export const fileAccess = {
  readAsset,
  readFile: (path: string): Promise<Uint8Array> => readFile(path),
  writeFile: async (path: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  },
};
