// Parts of data sets and data sets of parts: a subset, one after the other, random parts.

import { context } from "../../core/context.ts";
import { ArgumentError } from "../../core/errors.ts";
import type { Generator } from "../../core/random.ts";
import { batchOf, type Dataset, type Sample, stackSamples } from "./dataset.ts";

/**
 * Chosen samples of another data set, in the order of `indices`. Throws ArgumentError for an index that it has not.
 *
 * @example
 * const odd = new data.Subset(new data.TensorDataset(arange(6)), [1, 3, 5]);
 * odd.get(2)[0].itemSync(); // 5
 */
export class Subset<S = Sample> implements Dataset<S> {
  readonly dataset: Dataset<S>;
  readonly indices: Int32Array;

  constructor(dataset: Dataset<S>, indices: ArrayLike<number>) {
    this.dataset = dataset;
    this.indices = Int32Array.from(indices);
    const stray = this.indices.find((index) => index < 0 || index >= dataset.length);
    if (stray !== undefined) throw noSample("Subset", stray, dataset.length);
  }

  get length(): number {
    return this.indices.length;
  }

  get(index: number): S {
    const own = this.indices.at(index);
    if (own === undefined) throw noSample("Subset", index, this.length);
    return this.dataset.get(own);
  }

  batch(indices: Int32Array): S {
    return batchOf(
      this.dataset,
      indices.map((index) => this.indices[index]!),
    );
  }
}

/**
 * The samples of several data sets, one after the other. Throws ArgumentError without any data set, as torch does.
 *
 * @example
 * const numbers = [3, 2].map((n) => new data.TensorDataset(arange(n)));
 * const both = new data.ConcatDataset(numbers);
 * both.length; // 5
 * both.get(4)[0].itemSync(); // 1
 */
export class ConcatDataset<S = Sample> implements Dataset<S> {
  readonly datasets: readonly Dataset<S>[];
  /** Where each data set ends. */
  readonly #ends: readonly number[];

  constructor(datasets: readonly Dataset<S>[]) {
    if (datasets.length === 0) throw new ArgumentError("ConcatDataset", "at least one data set is needed");
    this.datasets = datasets;
    let end = 0;
    this.#ends = datasets.map(({ length }) => {
      end += length;
      return end;
    });
  }

  get length(): number {
    return this.#ends.at(-1)!;
  }

  get(index: number): S {
    const { dataset, own } = this.#find(index < 0 ? index + this.length : index);
    return dataset.get(own);
  }

  batch(indices: Int32Array): S {
    const found = Array.from(indices, (index) => this.#find(index));
    const [first] = found;
    // A batch from one data set needs no stacking.
    if (first && found.every(({ dataset }) => dataset === first.dataset)) {
      return batchOf(
        first.dataset,
        Int32Array.from(found, ({ own }) => own),
      );
    }
    return stackSamples(found.map(({ dataset, own }) => dataset.get(own)));
  }

  #find(index: number): { dataset: Dataset<S>; own: number } {
    const part = this.#ends.findIndex((end) => index < end);
    if (!(index >= 0) || part < 0) throw noSample("ConcatDataset", index, this.length);
    return { dataset: this.datasets[part]!, own: index - (this.#ends[part - 1] ?? 0) };
  }
}

export interface RandomSplitOptions {
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Cuts a data set into random parts, torch's parts for the same seed. `lengths` are numbers of samples that add up to all of
 * it, or fractions that add up to 1: each is rounded down, and what is left over goes to the parts one by one, from the first.
 * Throws ArgumentError when they do not add up.
 *
 * @example
 * const [train, val, test] = data.randomSplit(new data.TensorDataset(arange(99)), [0.8, 0.1, 0.1]);
 * [train.length, val.length, test.length]; // [80, 10, 9]
 */
export function randomSplit<S, const L extends readonly number[]>(
  dataset: Dataset<S>,
  lengths: L,
  { generator = context.generator }: RandomSplitOptions = {},
): { [K in keyof L]: Subset<S> } {
  const counts = toCounts(lengths, dataset.length);
  const total = counts.reduce((sum, length) => sum + length, 0);
  if (total !== dataset.length || counts.some((count) => !Number.isInteger(count) || count < 0)) {
    throw new ArgumentError(
      "randomSplit",
      `lengths add up to ${total}, the data set has ${dataset.length} samples`,
      "Lengths are whole numbers that add up to all samples, or fractions that add up to 1.",
    );
  }
  const order = generator.permutation(total);
  let start = 0;
  const parts = counts.map((length) => {
    start += length;
    return new Subset(dataset, order.subarray(start - length, start));
  });
  return parts as { [K in keyof L]: Subset<S> };
}

/** Fractions as torch 1.13 turns them into numbers of samples; numbers as they are. */
function toCounts(lengths: readonly number[], samples: number): readonly number[] {
  const sum = lengths.reduce((all, length) => all + length, 0);
  if (Math.abs(sum - 1) > 1e-9 || lengths.some((fraction) => fraction < 0 || fraction > 1)) return lengths;
  const counts = lengths.map((fraction) => Math.floor(samples * fraction));
  const left = samples - counts.reduce((all, count) => all + count, 0);
  return counts.map((count, i) => count + Math.floor(left / counts.length) + (i < left % counts.length ? 1 : 0));
}

const noSample = (owner: string, index: number, length: number): ArgumentError =>
  new ArgumentError(owner, `there is no sample ${index} of ${length}`);
