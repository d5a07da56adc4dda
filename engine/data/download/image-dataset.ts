// Images that stay bytes in memory and become float32 batch by batch: 60,000 images of 28 x 28 are 47 MB so, and 188 MB as
// floats.

import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Dataset } from "../loading/dataset.ts";

export interface ImageDatasetOptions {
  /** Values 0 … 255 of all images, one after the other. Not copied. */
  readonly pixels: Uint8Array;
  /** [channels, height, width]. */
  readonly imageShape: readonly [number, number, number];
  /** Class number of each image. */
  readonly labels: Int32Array;
  /** What each class number means. */
  readonly classes: readonly string[];
}

/**
 * Labelled images: a sample is [image [C, H, W], label []], a batch [images [N, C, H, W], labels [N]]; images float32 from 0 to
 * 1, labels int32. The bytes are converted when they are asked for. Throws ShapeError when pixels and labels do not fit.
 *
 * @example
 * const pixels = Uint8Array.of(0, 51, 255);
 * const labels = Int32Array.of(0, 1, 1);
 * const set = new data.ImageDataset({ pixels, labels, imageShape: [1, 1, 1], classes: ["black", "bright"] });
 * set.batch(Int32Array.of(2, 1))[0].flatten().toArraySync().map((x) => x.toFixed(1)); // [1.0, 0.2]
 */
export class ImageDataset implements Dataset<readonly [Tensor, Tensor]> {
  readonly imageShape: readonly [number, number, number];
  readonly labels: Int32Array;
  readonly classes: readonly string[];
  readonly #pixels: Uint8Array;

  constructor({ pixels, imageShape, labels, classes }: ImageDatasetOptions) {
    const pixelsEach = imageShape.reduce((product, length) => product * length, 1);
    if (pixels.length !== labels.length * pixelsEach) {
      throw new ShapeError("ImageDataset", `${pixels.length} pixels for ${labels.length} labels`, [imageShape]);
    }
    const stray = labels.find((label) => !(label >= 0 && label < classes.length));
    if (stray !== undefined)
      throw new ArgumentError("ImageDataset", `label ${stray}, there are ${classes.length} classes`);
    this.imageShape = imageShape;
    this.labels = labels;
    this.classes = classes;
    this.#pixels = pixels;
  }

  get length(): number {
    return this.labels.length;
  }

  get(index: number): readonly [Tensor, Tensor] {
    const [images, labels] = this.batch(Int32Array.of(index));
    return [images.select(0, 0), labels.select(0, 0)];
  }

  batch(indices: Int32Array): readonly [Tensor, Tensor] {
    const pixelsEach = this.#pixels.length / this.length;
    const values = new Float32Array(indices.length * pixelsEach);
    const labels = new Int32Array(indices.length);
    indices.forEach((index, i) => {
      const label = this.labels[index];
      if (label === undefined) throw new ArgumentError("ImageDataset", `there is no sample ${index} of ${this.length}`);
      labels[i] = label;
      const from = index * pixelsEach;
      for (let p = 0; p < pixelsEach; p++) values[i * pixelsEach + p] = this.#pixels[from + p]! / 255;
    });
    return [tensor(values, { shape: [indices.length, ...this.imageShape] }), tensor(labels)];
  }
}
