// CIFAR-10 in its binary form: a tar archive of records, each a label and 3 x 32 x 32 bytes.

import { FormatError } from "../../core/errors.ts";
import { gunzip } from "../gunzip.ts";
import { download } from "./download.ts";
import { ImageDataset } from "./image-dataset.ts";
import type { ImageSetOptions } from "./mnist.ts";
import type { RemoteFile } from "./remote-file.ts";
import { parseTar } from "./tar.ts";

const archive: RemoteFile = {
  name: "cifar-10/cifar-10-binary.tar.gz",
  urls: [
    "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",
    "https://cave.cs.toronto.edu/kriz/cifar-10-binary.tar.gz",
  ],
  sizeBytes: 170_052_171,
  sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
};

const imageShape = [3, 32, 32] as const;
const pixelsEach = 3 * 32 * 32;
const recordBytes = 1 + pixelsEach;
const limitBytes = 200e6;
const classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

/**
 * CIFAR-10: 50,000 or 10,000 colour pictures of animals and vehicles in ten classes, [3, 32, 32]. From the cache or the web
 * (170 MB; some 350 MB of memory while it is unpacked, 154 MB afterwards). Throws DownloadError.
 *
 * A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009, https://www.cs.toronto.edu/~kriz/cifar.html; no
 * licence is given, for research and teaching
 *
 * @example
 * const load = async () => new data.DataLoader(await data.cifar10({ train: false }), { batchSize: 64 });
 */
export async function cifar10({ train = true, ...options }: ImageSetOptions = {}): Promise<ImageDataset> {
  const packed = await download("cifar10", archive, options);
  const files = parseTar("cifar10", await gunzip(packed, { caller: "cifar10", file: archive.name, limitBytes }));
  const names = train ? [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`) : ["test_batch.bin"];
  return parseCifar(
    names.map((name) => {
      const records = files.get(`cifar-10-batches-bin/${name}`);
      if (records === undefined) throw new FormatError("cifar10", `${name} is not in the archive`);
      return records;
    }),
  );
}

/** Reads records of a label and the red, green and blue bytes of 32 x 32 pixels. Throws FormatError for a part of a record. */
export function parseCifar(batches: readonly Uint8Array[]): ImageDataset {
  const total = batches.reduce((sum, { length }) => sum + length, 0);
  if (batches.some(({ length }) => length % recordBytes !== 0)) {
    throw new FormatError(
      "cifar10",
      `files must be multiples of ${recordBytes} bytes, got ${batches.map((b) => b.length)}`,
    );
  }
  const count = total / recordBytes;
  const pixels = new Uint8Array(count * pixelsEach);
  const labels = new Int32Array(count);
  let record = 0;
  for (const batch of batches) {
    for (let at = 0; at < batch.length; at += recordBytes) {
      labels[record] = batch[at]!;
      pixels.set(batch.subarray(at + 1, at + recordBytes), record * pixelsEach);
      record++;
    }
  }
  return new ImageDataset({ pixels, labels, imageShape, classes });
}
