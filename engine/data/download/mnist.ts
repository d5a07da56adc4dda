// MNIST and Fashion-MNIST: the same format, the same sizes, other pictures.

import { FormatError } from "../../core/errors.ts";
import { type DownloadOptions, download } from "./download.ts";
import { parseIdx } from "./idx.ts";
import { ImageDataset } from "./image-dataset.ts";
import { baseName, type RemoteFile } from "./remote-file.ts";

export interface ImageSetOptions extends DownloadOptions {
  /** The images to train with, or those to test with. Default: true. */
  readonly train?: boolean;
}

interface Collection {
  readonly caller: string;
  readonly folder: string;
  readonly mirrors: readonly string[];
  readonly classes: readonly string[];
  readonly alternative?: string;
  readonly files: Readonly<Record<"train" | "t10k", Readonly<Record<"images" | "labels", Checksums>>>>;
}

/** Bytes and sha256, packed and unpacked; the unpacked size follows from the format. */
type Checksums = readonly [sizeBytes: number, sha256: string, unpackedSha256: string];

const counts = { train: 60_000, t10k: 10_000 };
const edge = 28;

const fashion: Collection = {
  caller: "fashionMnist",
  folder: "fashion-mnist",
  mirrors: [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  ],
  alternative: "apt-get install dataset-fashion-mnist",
  classes: ["T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"],
  files: {
    train: {
      images: [
        26_421_880,
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
      ],
      labels: [
        29_515,
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
      ],
    },
    t10k: {
      images: [
        4_422_102,
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
      ],
      labels: [
        5_148,
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
      ],
    },
  },
};

const handwritten: Collection = {
  caller: "mnist",
  folder: "mnist",
  mirrors: ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
  classes: Array.from("0123456789"),
  files: {
    train: {
      images: [
        9_912_422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
      ],
      labels: [
        28_881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
      ],
    },
    t10k: {
      images: [
        1_648_877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
      ],
      labels: [
        4_542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
      ],
    },
  },
};

/**
 * Fashion-MNIST: 60,000 or 10,000 grey pictures of clothes in ten classes, [1, 28, 28]. From Debian's package
 * `dataset-fashion-mnist` if it is there, else from the cache or the web (30 MB). Throws DownloadError.
 *
 * H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST, 2017, https://arxiv.org/abs/1708.07747, MIT
 *
 * @example
 * const load = async () => new data.DataLoader(await data.fashionMnist({ train: true }), { batchSize: 64, shuffle: true });
 */
export function fashionMnist(options?: ImageSetOptions): Promise<ImageDataset> {
  return load(fashion, options);
}

/**
 * MNIST: 60,000 or 10,000 handwritten digits, [1, 28, 28]. From the cache or the web (11 MB). Throws DownloadError.
 *
 * Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST Database of Handwritten Digits, 1998, CC BY-SA 3.0
 *
 * @example
 * const load = async () => new data.DataLoader(await data.mnist({ train: false }), { batchSize: 1000 });
 */
export function mnist(options?: ImageSetOptions): Promise<ImageDataset> {
  return load(handwritten, options);
}

async function load(set: Collection, { train = true, ...options }: ImageSetOptions = {}): Promise<ImageDataset> {
  const part = train ? "train" : "t10k";
  const count = counts[part];
  const imageFile = remoteFile(set, part, "images", 16 + count * edge * edge);
  const labelFile = remoteFile(set, part, "labels", 8 + count);
  const labels = parseIdx(set.caller, baseName(labelFile), await download(set.caller, labelFile, options), 1);
  const images = parseIdx(set.caller, baseName(imageFile), await download(set.caller, imageFile, options), 3);
  const [, height, width] = images.shape;
  if (height !== edge || width !== edge) {
    throw new FormatError(set.caller, `expected images of ${edge} x ${edge}, got ${height} x ${width}`);
  }
  return new ImageDataset({
    pixels: images.data,
    labels: Int32Array.from(labels.data),
    imageShape: [1, edge, edge],
    classes: set.classes,
  });
}

function remoteFile(
  { folder, mirrors, files, alternative }: Collection,
  part: "train" | "t10k",
  kind: "images" | "labels",
  unpackedBytes: number,
): RemoteFile {
  const file = `${part}-${kind}-idx${kind === "images" ? 3 : 1}-ubyte.gz`;
  const [sizeBytes, sha256, unpackedSha256] = files[part][kind];
  return {
    name: `${folder}/${file}`,
    urls: mirrors.map((mirror) => mirror + file),
    sizeBytes,
    sha256,
    unpacked: { sizeBytes: unpackedBytes, sha256: unpackedSha256 },
    ...(alternative !== undefined && { alternative }),
  };
}
