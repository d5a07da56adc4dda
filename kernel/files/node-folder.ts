// A folder of the file system, as the engine's data sets see it.

import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Folder } from "#engine/host";

/** Reads and writes below `path`. The folder need not exist. */
export function nodeFolder(path: string): Folder {
  const at = (name: string) => join(path, name);
  return {
    path,
    read: (name) => ifThere(readFile(at(name))),
    size: async (name) => (await ifThere(stat(at(name))))?.size ?? 0,
    async write(name, bytes, position) {
      await mkdir(dirname(at(name)), { recursive: true });
      const file = await open(at(name), position === 0 ? "w" : "r+");
      try {
        for (let written = 0; written < bytes.length; ) {
          const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
          written += bytesWritten;
        }
      } finally {
        await file.close();
      }
    },
    rename: (from, to) => rename(at(from), at(to)),
    remove: (name) => rm(at(name), { force: true }),
  };
}

async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
