// A data set whose batches go through a function when they are asked for: where augmentation happens.

import { select, unsqueeze } from "../../ops/functions/movement/movement.ts";
import { batchOf, type Dataset, type Sample } from "./dataset.ts";

/**
 * Another data set with a function applied to each batch when it is loaded, so that random augmentation differs in every
 * epoch and nothing is computed ahead. The function takes and gives tuples of tensors [N, …]; single samples go through it
 * as batches of one.
 *
 * @example
 * const images = new data.TensorDataset(arange(12).reshape(3, 1, 2, 2).to("float32"), arange(3));
 * const mirrored = data.augment.randomHorizontalFlip({ probability: 1 });
 * const augmented = new data.TransformDataset(images, ([x, y]) => [mirrored(x), y] as const);
 * augmented.get(0)[0].flatten().toArraySync(); // [1, 0, 3, 2]
 */
export class TransformDataset<S extends Sample, T extends Sample = S> implements Dataset<T> {
  readonly dataset: Dataset<S>;
  readonly transform: (batch: S) => T;

  constructor(dataset: Dataset<S>, transform: (batch: S) => T) {
    this.dataset = dataset;
    this.transform = transform;
  }

  get length(): number {
    return this.dataset.length;
  }

  get(index: number): T {
    const one = this.dataset.get(index).map((part) => unsqueeze(part, 0)) as unknown as S;
    return this.transform(one).map((part) => select(part, 0, 0)) as unknown as T;
  }

  batch(indices: Int32Array): T {
    return this.transform(batchOf(this.dataset, indices));
  }
}
