// Batches of a data set, shuffled anew each epoch in the order that PyTorch's DataLoader takes for the same seed.

import { context } from "../../core/context.ts";
import { ArgumentError } from "../../core/errors.ts";
import { Generator } from "../../core/random.ts";
import { Breather } from "./breather.ts";
import { batchOf, type Dataset, type IterableDataset, type Sample, stackSamples } from "./dataset.ts";

export interface DataLoaderOptions<S = Sample, B = S> {
  /** Default: 1. */
  readonly batchSize?: number;
  /** A new random order in every epoch. Default: false. */
  readonly shuffle?: boolean;
  /** Leave out a last batch that is not full. Default: false. */
  readonly dropLast?: boolean;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
  /** Makes a batch of a list of samples. Default: the tensors of the samples, stacked part by part. */
  readonly collate?: (samples: readonly S[]) => B;
}

/**
 * One pass over a data set in batches, for `for` and `for await`. The asynchronous form lets the event loop turn every few
 * milliseconds, so that output appears and the cell can be interrupted: prefer it for training. An iterable data set has no
 * length and cannot be shuffled (ArgumentError); an asynchronous one needs `for await`. A list is a data set of its elements.
 *
 * @example
 * const numbers = new data.TensorDataset(arange(5));
 * for await (const [batch] of new data.DataLoader(numbers, { batchSize: 2 })) console.log(batch.shape);
 *
 * @example
 * const loader = new data.DataLoader(["to", "be", "or"], { batchSize: 2, collate: (words) => words.join(" ") });
 * [...loader]; // [to be, or]
 */
export class DataLoader<S = Sample, B = S> {
  readonly dataset: Dataset<S> | IterableDataset<S>;
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  readonly #generator: Generator | undefined;
  readonly #collate: ((samples: readonly S[]) => B) | undefined;

  constructor(dataset: Dataset<S> | IterableDataset<S>, options: DataLoaderOptions<S, B> = {}) {
    const { batchSize = 1, shuffle = false, dropLast = false, generator, collate } = options;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new ArgumentError("DataLoader", `batchSize must be whole and at least 1, got ${batchSize}`);
    }
    if (shuffle && isIterable(dataset) && !Array.isArray(dataset)) {
      throw new ArgumentError("DataLoader", "an iterable data set has no order that could be shuffled");
    }
    this.dataset = Array.isArray(dataset) ? ofList(dataset) : dataset;
    this.batchSize = batchSize;
    this.shuffle = shuffle;
    this.dropLast = dropLast;
    this.#generator = generator;
    this.#collate = collate;
  }

  /** Number of batches in an epoch. Throws ArgumentError for an iterable data set. */
  get length(): number {
    if (isIterable(this.dataset)) throw new ArgumentError("DataLoader", "an iterable data set has no length");
    const batches = this.dataset.length / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  [Symbol.iterator](): IterableIterator<B> {
    return this.#batches();
  }

  *#batches(): IterableIterator<B> {
    if (!isIterable(this.dataset)) return yield* this.#indexed(this.dataset);
    if (!(Symbol.iterator in this.dataset)) {
      throw new ArgumentError("DataLoader", "the data set is asynchronous", "Use `for await (const batch of loader)`.");
    }
    this.#drawWorkerSeed();
    let samples: S[] = [];
    for (const sample of this.dataset) {
      samples.push(sample);
      if (samples.length < this.batchSize) continue;
      yield this.#together(samples);
      samples = [];
    }
    if (samples.length > 0 && !this.dropLast) yield this.#together(samples);
  }

  async *[Symbol.asyncIterator](): AsyncIterableIterator<B> {
    const breather = new Breather();
    const isAsync = isIterable(this.dataset) && Symbol.asyncIterator in this.dataset;
    for await (const batch of isAsync ? this.#awaited(this.dataset) : this.#batches()) {
      await breather.pause();
      yield batch;
    }
  }

  *#indexed(dataset: Dataset<S>): IterableIterator<B> {
    const order = this.#order(dataset.length);
    const batches = this.length;
    for (let batch = 0; batch < batches; batch++) {
      const indices = order.subarray(batch * this.batchSize, (batch + 1) * this.batchSize);
      yield this.#collate
        ? this.#collate(Array.from(indices, (index) => dataset.get(index)))
        : (batchOf(dataset, indices) as unknown as B);
    }
    // torch's sampler draws one more order when it has run dry, which shows in the next pass of a generator of one's own.
    if (this.shuffle) this.#generator?.permutation(dataset.length);
  }

  async *#awaited(dataset: AsyncIterable<S>): AsyncIterableIterator<B> {
    this.#drawWorkerSeed();
    let samples: S[] = [];
    for await (const sample of dataset) {
      samples.push(sample);
      if (samples.length < this.batchSize) continue;
      yield this.#together(samples);
      samples = [];
    }
    if (samples.length > 0 && !this.dropLast) yield this.#together(samples);
  }

  #together(samples: readonly S[]): B {
    return this.#collate ? this.#collate(samples) : (stackSamples(samples) as unknown as B);
  }

  /** torch draws a seed for its workers at the start of every pass. */
  #drawWorkerSeed(): Generator {
    const generator = this.#generator ?? context.generator;
    generator.nextSeed();
    return generator;
  }

  #order(samples: number): Int32Array {
    const generator = this.#drawWorkerSeed();
    if (!this.shuffle) return Int32Array.from({ length: samples }, (_, i) => i);
    // … and one for the shuffle unless it was given a generator.
    const source = this.#generator ?? new Generator(generator.nextSeed());
    return source.permutation(samples);
  }
}

const ofList = <S>(list: readonly S[]): Dataset<S> => ({ length: list.length, get: (index) => list[index]! });

function isIterable<S>(dataset: Dataset<S> | IterableDataset<S>): dataset is IterableDataset<S> {
  return Symbol.iterator in dataset || Symbol.asyncIterator in dataset;
}
