// A megabyte of Shakespeare, the usual text for character models.

import { type DownloadOptions, download } from "./download.ts";
import type { RemoteFile } from "./remote-file.ts";

const file: RemoteFile = {
  name: "tiny-shakespeare/input.txt",
  urls: ["https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"],
  sizeBytes: 1_115_394,
  sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
};

/**
 * 1,115,394 characters (65 different ones) out of Shakespeare's plays. From the cache or the web. Throws DownloadError.
 *
 * A. Karpathy, char-rnn, 2015, https://github.com/karpathy/char-rnn, MIT; the text is in the public domain
 *
 * @example
 * const load = async () => new data.CharVocabulary(await data.tinyShakespeare()).size;
 */
export async function tinyShakespeare(options?: DownloadOptions): Promise<string> {
  return new TextDecoder("utf-8", { fatal: true }).decode(await download("tinyShakespeare", file, options));
}
