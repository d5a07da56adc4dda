// Gets a known file: from a folder of the system, from the cache, or from the web into the cache. Content is checked each time.

import { context, type DownloadProgress, type FileAccess, fileAccess } from "../../core/context.ts";
import { baseName, contentOf, DownloadError, type RemoteFile } from "./remote-file.ts";
import { transfer } from "./transfer.ts";

export interface DownloadOptions {
  /** Called at most ten times a second, and at the end. Default: a line in the output of the cell. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Stops the download; what came until then is kept. */
  readonly signal?: AbortSignal;
  /** Give up on an address when nothing came for so long, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
}

/** Progress is told once in this time. */
const everyMs = 100;
/** An address that broke off is asked for the rest so many times, as long as each time brings some more. */
const continuations = 5;

/**
 * The content of the file, unpacked. A file that is found but has another content is said and passed over; one in the cache is
 * replaced. Throws DownloadError when it is nowhere to be had.
 */
export async function download(caller: string, file: RemoteFile, options: DownloadOptions = {}): Promise<Uint8Array> {
  const cache = fileAccess("cache", caller);
  const problems: string[] = [];
  for (const folder of [...(context.files.datasetFolders ?? []), cache]) {
    const bytes = await folder.read(file.name);
    if (bytes === undefined) continue;
    const content = await contentOf(caller, file, bytes);
    if (content !== undefined) return content;
    problems.push(`${folder.path}/${file.name}: wrong checksum`);
  }
  const fetch = fileAccess("fetch", caller);
  const onProgress = options.onProgress ?? context.files.showProgress?.();
  for (const url of file.urls) {
    options.signal?.throwIfAborted();
    try {
      return await fromAddress(caller, file, url, { ...options, fetch, ...(onProgress && { onProgress }) });
    } catch (error) {
      options.signal?.throwIfAborted();
      problems.push(`${url}: ${reasonOf(error)}`);
    }
  }
  throw new DownloadError(caller, file, problems, cache.path);
}

async function fromAddress(
  caller: string,
  file: RemoteFile,
  url: string,
  { fetch, signal, timeoutMs = 30_000, onProgress }: DownloadOptions & Pick<FileAccess, "fetch">,
): Promise<Uint8Array> {
  const cache = fileAccess("cache", caller);
  const part = `${file.name}.part`;
  const onReceived = throttled(file, url, onProgress);
  for (let left = continuations; ; left--) {
    const before = await cache.size(part);
    try {
      await transfer(url, file, part, { cache, fetch, signal, timeoutMs, onReceived });
      break;
    } catch (error) {
      const gotFurther = (await cache.size(part)) > before;
      if (!gotFurther || left === 0 || signal?.aborted) throw error;
    }
  }
  const bytes = await cache.read(part);
  const content = bytes && (await contentOf(caller, file, bytes));
  if (content === undefined) {
    await cache.remove(part);
    throw new Error("wrong checksum");
  }
  await cache.rename(part, file.name);
  return content;
}

function throttled(file: RemoteFile, url: string, tell: ((progress: DownloadProgress) => void) | undefined) {
  let last = Number.NEGATIVE_INFINITY;
  return (receivedBytes: number) => {
    const now = performance.now();
    if (receivedBytes < file.sizeBytes && now - last < everyMs) return;
    last = now;
    tell?.({ file: baseName(file), url, receivedBytes, totalBytes: file.sizeBytes });
  };
}

/** Node's fetch says "fetch failed"; what failed is in its cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}
