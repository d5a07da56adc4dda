// One line of output for each file that is downloaded, updated in place.

import type { DownloadProgress } from "#engine/host";
import type { DisplaySink } from "../display/index.ts";

/** What the engine calls as `showProgress`: `train-images-idx3-ubyte.gz: 12.3 of 26.4 MB (46 %) from ossci-datasets.…`. */
export function downloadLines(sink: DisplaySink): () => (progress: DownloadProgress) => void {
  return () => {
    const displayId = `lectern-${crypto.randomUUID()}`;
    let update = false;
    return (progress) => {
      sink.display({ "text/plain": lineOf(progress) }, { displayId, update });
      update = true;
    };
  };
}

export function lineOf({ file, url, receivedBytes, totalBytes }: DownloadProgress): string {
  const { host } = new URL(url);
  const total = megabytes(totalBytes);
  if (receivedBytes >= totalBytes) return `${file}: ${total} MB from ${host}`;
  const share = Math.floor((100 * receivedBytes) / totalBytes);
  return `${file}: ${megabytes(receivedBytes)} of ${total} MB (${share} %) from ${host}`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e5 ? 2 : 1);
