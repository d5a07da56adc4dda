// V8's compiled code of our bundles, kept from one start to the next. In the user's own folder for caches, because who can write
// there decides what runs. NODE_DISABLE_COMPILE_CACHE=1 turns it off.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, enableCompileCache, flushCompileCache } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { isMainThread } from "node:worker_threads";
import { crc32 } from "node:zlib";
import { ownCacheFolder } from "../files/node-files.ts";

/** Long enough that the first cell has run, so that the functions it needs are kept too. */
const WRITE_AFTER_MS = 3000;

const CHECKSUM_BYTES = 4;

const folder = (): string => join(ownCacheFolder(process.env), "compiled");

/**
 * For every module that this process imports from now on. A folder that cannot be written costs the cache, nothing else.
 * Source: https://nodejs.org/api/module.html#module-compile-cache
 */
export function keepCompiledCode(): void {
  enableCompileCache(folder());
  // Node writes it when a process exits; most of ours are ended by a signal.
  setTimeout(flushCompileCache, WRITE_AFTER_MS).unref();
}

/**
 * What the CommonJS file `url` exports. Unlike node's cache, this one holds the functions that ran, too: TypeScript is there after
 * 35 ms, instead of 150. The file is ASCII. Source: https://v8.dev/blog/improved-code-caching
 */
export function requireCompiled(url: URL): unknown {
  const path = fileURLToPath(url);
  const source = readFileSync(path, "latin1");
  // V8 itself looks at the length of the source, at its version and its flags only.
  const cachePath = join(folder(), `${crc32(source)}-${process.version}-${process.arch}.v8`);
  const isOff = process.env.NODE_DISABLE_COMPILE_CACHE === "1";
  const cachedData = isOff ? undefined : readWhole(cachePath);
  const wrapped = `(function (module, exports, require, __filename, __dirname) {${source}\n})`;
  const script = new Script(wrapped, { filename: path, cachedData });
  const module = { exports: {} };
  script.runInThisContext()(module, module.exports, createRequire(url), path, dirname(path));
  if (!isOff && isMainThread && (!cachedData || script.cachedDataRejected))
    setTimeout(() => write(cachePath, script.createCachedData()), WRITE_AFTER_MS).unref();
  return module.exports;
}

/** V8 trusts what it is given: four bytes of checksum stand behind. Undefined when the file is not there, or not whole. */
function readWhole(path: string): Buffer | undefined {
  try {
    const file = readFileSync(path);
    const data = file.subarray(0, -CHECKSUM_BYTES);
    return file.readUInt32LE(data.length) === crc32(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all: other processes read it meanwhile. */
function write(path: string, data: Buffer): void {
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32LE(crc32(data));
  const unfinished = `${path}.${process.pid}`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(unfinished, Buffer.concat([data, checksum]));
    renameSync(unfinished, path);
  } catch {
    // A folder that cannot be written costs the cache, nothing else.
  }
}
