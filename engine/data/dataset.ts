// Data sets: samples by index, each a tuple of tensors. In memory, a part of another one, or whatever implements Dataset.

import { context } from "../core/context.ts";
import { ArgumentError, ShapeError } from "../core/errors.ts";
import type { Generator } from "../core/random.ts";
import { indexSelect } from "../ops/functions/indexing.ts";
import { select, stack } from "../ops/functions/movement.ts";
import { tensor } from "../tensor/creation.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** The tensors of one sample, or of one batch: [image, label] or [images, labels]. */
export type Sample = readonly Tensor[];

/** A list of samples. */
export interface Dataset<S extends Sample = Sample> {
  readonly length: number;
  get(index: number): S;
  /** Several samples at once, stacked; without it, a loader stacks what `get` gives. */
  batch?(indices: Int32Array): S;
}

/** Samples are the slices of tensors along their first dimension. */
export class TensorDataset<S extends Sample = Sample> implements Dataset<S> {
  readonly tensors: S;

  constructor(...tensors: S) {
    this.tensors = tensors;
    const lengths = tensors.map(({ shape }) => shape[0]);
    if (lengths.some((length) => length === undefined || length !== lengths[0])) {
      throw new ShapeError(
        "TensorDataset",
        `first sizes must be equal, got ${lengths.join(", ")}`,
        tensors.map(({ shape }) => shape),
      );
    }
  }

  get length(): number {
    return this.tensors[0]?.shape[0] ?? 0;
  }

  get(index: number): S {
    return this.tensors.map((tensor) => select(tensor, 0, index)) as unknown as S;
  }

  batch(indices: Int32Array): S {
    using list = tensor(indices);
    return this.tensors.map((tensor) => indexSelect(tensor, 0, list)) as unknown as S;
  }
}

/** Chosen samples of another data set. */
export class Subset<S extends Sample = Sample> implements Dataset<S> {
  readonly dataset: Dataset<S>;
  readonly indices: Int32Array;

  constructor(dataset: Dataset<S>, indices: ArrayLike<number>) {
    this.dataset = dataset;
    this.indices = Int32Array.from(indices);
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): S {
    const own = this.indices.at(index);
    if (own === undefined) throw new ArgumentError("Subset", `there is no sample ${index} of ${this.length}`);
    return this.dataset.get(own);
  }

  batch(indices: Int32Array): S {
    return batchOf(
      this.dataset,
      indices.map((index) => this.indices[index]!),
    );
  }
}

/** Cuts a data set into random parts of the given lengths, which must add up to all of it. Torch's parts for the same seed. */
export function randomSplit<S extends Sample, const L extends readonly number[]>(
  dataset: Dataset<S>,
  lengths: L,
  { generator = context.generator }: { readonly generator?: Generator } = {},
): { [K in keyof L]: Subset<S> } {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== dataset.length) {
    throw new ArgumentError("randomSplit", `lengths add up to ${total}, the data set has ${dataset.length} samples`);
  }
  const order = generator.permutation(total);
  let start = 0;
  const parts = lengths.map((length) => {
    start += length;
    return new Subset(dataset, order.subarray(start - length, start));
  });
  return parts as { [K in keyof L]: Subset<S> };
}

/** The samples as one batch. */
export function batchOf<S extends Sample>(dataset: Dataset<S>, indices: Int32Array): S {
  if (dataset.batch !== undefined) return dataset.batch(indices);
  const samples = Array.from(indices, (index) => dataset.get(index));
  const [first = []] = samples;
  return Array.from(first, (_, part) => stack(samples.map((sample) => sample[part]!))) as unknown as S;
}
