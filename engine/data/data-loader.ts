// Batches of a data set, shuffled anew each epoch in the order that PyTorch's DataLoader takes for the same seed.

import { context } from "../core/context.ts";
import { ArgumentError } from "../core/errors.ts";
import { Generator } from "../core/random.ts";
import { Breather } from "./breather.ts";
import { batchOf, type Dataset, type Sample } from "./dataset.ts";

export interface DataLoaderOptions {
  /** Default: 1. */
  readonly batchSize?: number;
  /** A new random order in every epoch. Default: false. */
  readonly shuffle?: boolean;
  /** Leave out a last batch that is not full. Default: false. */
  readonly dropLast?: boolean;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * One pass over a data set in batches, for `for` and `for await`. The asynchronous form lets the event loop turn every few
 * milliseconds, so that output appears and the cell can be interrupted: prefer it for training.
 *
 * @example
 * const numbers = new data.TensorDataset(arange(5));
 * for await (const [batch] of new data.DataLoader(numbers, { batchSize: 2 })) console.log(batch.shape);
 */
export class DataLoader<S extends Sample = Sample> {
  readonly dataset: Dataset<S>;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly #generator: Generator | undefined;

  constructor(dataset: Dataset<S>, options: DataLoaderOptions = {}) {
    const { batchSize = 1, shuffle = false, dropLast = false, generator } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError("DataLoader", `batchSize must be whole and at least 1, got ${batchSize}`);
    }
    this.dataset = dataset;
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.dropLast = dropLast;
    this.#generator = generator;
  }

  /** Number of batches in an epoch. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  *[Symbol.iterator](): IterableIterator<S> {
    const order = this.#order();
    const batches = this.length;
    for (let batch = 0; batch < batches; batch++) {
      yield batchOf(this.dataset, order.subarray(batch * this.batchSize, (batch + 1) * this.batchSize));
    }
    // torch's sampler draws one more order when it has run dry, which shows in the next pass of a generator of one's own.
    if (this.shuffle) this.#generator?.permutation(this.dataset.length);
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<S> {
    const breather = new Breather();
    for (const batch of this) {
      await breather.pause();
      yield batch;
    }
  }

  #order(): Int32Array {
    const generator = this.#generator ?? context.generator;
    // torch draws a seed for its workers at the start of every pass, and one for the shuffle unless it was given a generator.
    generator.nextSeed();
    if (!this.shuffle) return Int32Array.from({ length: this.dataset.length }, (_, i) => i);
    const source = this.#generator ?? new Generator(generator.nextSeed());
    return source.permutation(this.dataset.length);
  }
}
