// One file from one address into a part file of the cache, which a later try continues. Checks length, not content.

import type { FetchResponse, FileAccess, Folder } from "../../core/context.ts";
import type { RemoteFile } from "./remote-file.ts";

/** Bytes are collected to this size before they are written. */
const writeBytes = 2 ** 20;

export interface TransferOptions {
  readonly fetch: FileAccess["fetch"];
  readonly cache: Folder;
  readonly signal: AbortSignal | undefined;
  /** Give up when nothing came for so long. */
  readonly timeoutMs: number;
  readonly onReceived: (receivedBytes: number) => void;
}

/** Until the next reset, in time; else the signal aborts. */
class Watchdog implements Disposable {
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  #timer: unknown;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.reset();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  reset(): void {
    clearTimeout(this.#timer);
    const abort = () => this.#controller.abort(new Error(`nothing came for ${this.#timeoutMs / 1000} s`));
    this.#timer = setTimeout(abort, this.#timeoutMs);
  }

  /** Also ends what is still under way, such as the text of a 404. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}

/** Fills the part file up to the size of the file. Throws when that fails; what came until then is kept for the next try. */
export async function transfer(url: string, file: RemoteFile, part: string, options: TransferOptions): Promise<void> {
  const { cache, fetch, onReceived, timeoutMs } = options;
  using watchdog = new Watchdog(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, watchdog.signal]) : watchdog.signal;
  let received = await cache.size(part);
  if (received === file.sizeBytes) return;
  if (received > file.sizeBytes) received = 0;
  const response = await fetch(url, {
    // Not packed for the way: sizes and ranges are those of the file.
    headers: { "Accept-Encoding": "identity", ...(received > 0 && { Range: `bytes=${received}-` }) },
    signal,
  });
  received = startOf(response, received);
  onReceived(received);
  const pending = new PendingBytes(cache, part, received);
  try {
    for await (const chunk of chunksOf(response)) {
      watchdog.reset();
      received += chunk.length;
      if (received > file.sizeBytes) throw new Error(`sent more than the ${file.sizeBytes} bytes that were expected`);
      await pending.add(chunk);
      onReceived(received);
    }
  } finally {
    await pending.flush();
  }
  if (received < file.sizeBytes) throw new Error(`ended after ${received} of ${file.sizeBytes} bytes`);
}

/** Where the bytes of the response belong. Throws when the response is none. */
function startOf({ status, headers }: FetchResponse, asked: number): number {
  if (status === 200) return 0;
  if (status !== 206) throw new Error(`HTTP ${status}`);
  const range = headers.get("content-range") ?? "";
  if (!range.startsWith(`bytes ${asked}-`)) throw new Error(`sent "${range}" when asked for bytes from ${asked}`);
  return asked;
}

async function* chunksOf({ body }: FetchResponse): AsyncIterableIterator<Uint8Array> {
  const reader = body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done || !value) return;
    yield value;
  }
}

/** Small chunks, written as large ones. */
class PendingBytes {
  readonly #folder: Folder;
  readonly #name: string;
  #at: number;
  #chunks: Uint8Array[] = [];
  #length = 0;

  constructor(folder: Folder, name: string, at: number) {
    this.#folder = folder;
    this.#name = name;
    this.#at = at;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length >= writeBytes) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return;
    const bytes = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    const at = this.#at;
    this.#at += this.#length;
    this.#chunks = [];
    this.#length = 0;
    await this.#folder.write(this.#name, bytes, at);
  }
}
