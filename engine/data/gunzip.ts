// Bytes out of gzip, for the bundled and the downloaded sets. The platform's DecompressionStream does the work.

import { FormatError } from "../core/errors.ts";

export interface GunzipOptions {
  /** Who asks, for errors. */
  readonly caller: string;
  /** The name of the file, for errors. */
  readonly file: string;
  /** More than this is refused while it is unpacked, so that a small file cannot fill the memory. */
  readonly limitBytes: number;
}

/** Unpacks a gzip file. Throws FormatError when it is damaged, is none, or holds more than `limitBytes`. */
export async function gunzip(packed: Uint8Array, { caller, file, limitBytes }: GunzipOptions): Promise<Uint8Array> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read().catch((error: unknown) => {
      throw new FormatError(caller, `${file} is not a gzip file, or a damaged one: ${String(error)}`);
    });
    if (done || !value) break;
    chunks.push(value);
    length += value.length;
    if (length > limitBytes) {
      await reader.cancel();
      throw new FormatError(caller, `${file} holds more than the ${limitBytes} bytes that were expected`);
    }
  }
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
