// Data sets: samples by index, each a tuple of tensors. In memory, or whatever implements Dataset.

import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { indexSelect } from "../../ops/functions/indexing/indexing.ts";
import { select, stack } from "../../ops/functions/movement/movement.ts";
import { tensor } from "../../tensor/creation.ts";
import { Tensor } from "../../tensor/tensor.ts";

/** The tensors of one sample, or of one batch: [image, label] or [images, labels]. */
export type Sample = readonly Tensor[];

/** A list of samples, mostly tuples of tensors; of anything, if the loader is given a `collate`. */
export interface Dataset<S = Sample> {
  readonly length: number;
  get(index: number): S;
  /** Several samples at once, stacked; without it, a loader stacks what `get` gives. */
  batch?(indices: Int32Array): S;
}

/** Samples one after the other, without number or order: a stream, a generator. May be asynchronous. */
export type IterableDataset<S = Sample> = Iterable<S> | AsyncIterable<S>;

/**
 * Samples are the slices of tensors along their first dimension: tensors [N, …] of any dtype give N samples.
 * Throws ShapeError when the first sizes differ.
 *
 * @example
 * const squares = new data.TensorDataset(arange(4), arange(4).mul(arange(4)));
 * squares.length; // 4
 * squares.get(3)[1].itemSync(); // 9
 */
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

/** The samples as one batch. */
export function batchOf<S>(dataset: Dataset<S>, indices: Int32Array): S {
  if (dataset.batch !== undefined) return dataset.batch(indices);
  return stackSamples(Array.from(indices, (index) => dataset.get(index)));
}

/** Stacks the tensors of samples, part by part: torch's `default_collate`. Throws ArgumentError for anything else. */
export function stackSamples<S>(samples: readonly S[]): S {
  const lists = samples.map((sample): Sample => {
    if (isSample(sample)) return sample;
    throw new ArgumentError(
      "DataLoader",
      "only samples that are lists of tensors can be stacked",
      "Pass collate, a function from a list of samples to a batch.",
    );
  });
  const [first = []] = lists;
  return first.map((_, part) => stack(lists.map((sample) => sample[part]!))) as unknown as S;
}

const isSample = (sample: unknown): sample is Sample =>
  Array.isArray(sample) && sample.every((part) => part instanceof Tensor);
