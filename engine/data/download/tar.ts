// Reads the regular files of a tar archive in memory (POSIX ustar). Forty lines rather than a dependency: one archive with
// short names is read, its content is checked before, and the parsers of npm are made for streams and extraction.

import { FormatError } from "../../core/errors.ts";

const block = 512;

/** Views of the archive's files by name. Throws FormatError when a header is damaged or a file exceeds the archive. */
export function parseTar(caller: string, archive: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + block <= archive.length) {
    const header = archive.subarray(at, at + block);
    // The archive ends with empty blocks.
    if (header.every((byte) => byte === 0)) return files;
    const sizeBytes = octal(header, 124, 12);
    if (octal(header, 148, 8) !== checksumOf(header) || sizeBytes === undefined) {
      throw new FormatError(caller, `the tar header at byte ${at} is damaged`);
    }
    const start = at + block;
    if (start + sizeBytes > archive.length) {
      throw new FormatError(caller, `${text(header, 0, 100)} exceeds the archive of ${archive.length} bytes`);
    }
    const type = text(header, 156, 1);
    const prefix = text(header, 345, 155);
    const name = `${prefix}${prefix && "/"}${text(header, 0, 100)}`;
    if (type === "0" || type === "") files.set(name, archive.subarray(start, start + sizeBytes));
    at = start + Math.ceil(sizeBytes / block) * block;
  }
  throw new FormatError(caller, "the archive ends in the middle");
}

/** The sum of the header's bytes, its own field counted as blanks. */
const checksumOf = (header: Uint8Array): number =>
  header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0);

function text(header: Uint8Array, start: number, length: number): string {
  const field = String.fromCharCode(...header.subarray(start, start + length));
  return field.split("\0", 1)[0]!;
}

function octal(header: Uint8Array, start: number, length: number): number | undefined {
  const digits = text(header, start, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}
