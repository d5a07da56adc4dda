// A file on the web that is known by its checksum: what it is, whether given bytes are it, and the error when it is not to be had.

import { EngineError } from "../../core/errors.ts";
import { gunzip } from "../gunzip.ts";

export interface RemoteFile {
  /** Below the cache and the system's folders: `fashion-mnist/train-images-idx3-ubyte.gz`. */
  readonly name: string;
  /** Tried in this order. */
  readonly urls: readonly string[];
  /** Of the file as it is downloaded. */
  readonly sizeBytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
  /** Of a gzip file, what it holds: its own checksum, since others pack the same content differently. */
  readonly unpacked?: { readonly sizeBytes: number; readonly sha256: string };
  /** Another way to get the file, for the error: `apt-get install dataset-fashion-mnist`. */
  readonly alternative?: string;
}

/** A file is neither here nor to be had. */
export class DownloadError extends EngineError {
  override readonly name = "DownloadError";
  readonly file: RemoteFile;
  /** What went wrong with each address, or with a file that was found. */
  readonly problems: readonly string[];

  constructor(caller: string, file: RemoteFile, problems: readonly string[], cacheFolder: string) {
    const alternative = file.alternative === undefined ? "" : ` Or: ${file.alternative}`;
    super(
      caller,
      [`${baseName(file)} could not be downloaded`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
      `Without a network, put the file (${file.sizeBytes} bytes, sha256 ${file.sha256}) at ${cacheFolder}/${file.name}.${alternative}`,
    );
    this.file = file;
    this.problems = problems;
  }
}

/** The name of the file, without folder. */
export const baseName = ({ name }: RemoteFile): string => name.slice(name.lastIndexOf("/") + 1);

/**
 * The content of the file (unpacked, if it is a packed one) if these bytes are it, else undefined. A packed file may have been
 * packed by somebody else, as Debian does: its content counts.
 */
export async function contentOf(caller: string, file: RemoteFile, bytes: Uint8Array): Promise<Uint8Array | undefined> {
  const { unpacked } = file;
  const isOriginal = bytes.length === file.sizeBytes && (await sha256(bytes)) === file.sha256;
  if (unpacked === undefined) return isOriginal ? bytes : undefined;
  const options = { caller, file: baseName(file), limitBytes: unpacked.sizeBytes };
  if (isOriginal) return gunzip(bytes, options);
  const content = await gunzip(bytes, options).catch(() => undefined);
  const isSame = content?.length === unpacked.sizeBytes && (await sha256(content)) === unpacked.sha256;
  return isSame ? content : undefined;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
