// The bundled handwritten digits: 1,797 real images, so that a first network trains in seconds and offline.
// Source and licence: assets/NOTICE.md.

import { noGrad } from "../../autograd/no-grad.ts";
import { ArgumentError, FormatError } from "../../core/errors.ts";
import { interpolate } from "../../ops/functions/image/image.ts";
import { tensor } from "../../tensor/creation.ts";
import { LabelledDataset } from "../loading/labelled-dataset.ts";
import { readAssetText } from "./asset.ts";

const asset = "digits.csv.gz";
const count = 1797;
const pixels = 64;
const brightest = 16;

export interface DigitsOptions {
  /** Edge length in pixels; 16 and 32 are blended from the original 8 (bilinear). Default: 8. */
  readonly size?: 8 | 16 | 32;
}

/**
 * 1,797 handwritten digits: images [1797, 1, size, size], float32 from 0 (paper) to 1 (ink), and labels [1797], int32.
 *
 * E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits, UCI, 1998, https://doi.org/10.24432/C50P49, CC BY 4.0
 *
 * @example
 * const [images, labels] = (await data.digits({ size: 16 })).tensors;
 * images.shape; // [1797, 1, 16, 16]
 */
export async function digits({ size = 8 }: DigitsOptions = {}): Promise<LabelledDataset> {
  if (![8, 16, 32].includes(size)) throw new ArgumentError("digits", `size must be 8, 16 or 32, got ${size}`);
  const { images, labels } = parseDigits(await readAssetText("digits", asset));
  const small = tensor(images, { shape: [count, 1, 8, 8] });
  const sized = size === 8 ? small : noGrad(() => interpolate(small, { size }));
  return new LabelledDataset(sized, tensor(labels), { classes: Array.from("0123456789") });
}

/** Reads lines of 64 pixels from 0 to 16 and a label from 0 to 9. */
export function parseDigits(text: string): { images: Float32Array; labels: Int32Array } {
  const lines = text.trimEnd().split("\n");
  if (lines.length !== count) throw new FormatError("digits", `expected ${count} lines, got ${lines.length}`);
  const images = new Float32Array(count * pixels);
  const labels = new Int32Array(count);
  lines.forEach((line, row) => {
    const fields = line.split(",").map(Number);
    const label = fields[pixels];
    const valid =
      fields.length === pixels + 1 && fields.every((value, i) => value >= 0 && value <= (i < pixels ? brightest : 9));
    if (!valid || !Number.isInteger(label)) {
      throw new FormatError("digits", `line ${row + 1} is not 64 pixels of 0 to 16 and a label of 0 to 9`);
    }
    for (let i = 0; i < pixels; i++) images[row * pixels + i] = fields[i]! / brightest;
    labels[row] = label!;
  });
  return { images, labels };
}
