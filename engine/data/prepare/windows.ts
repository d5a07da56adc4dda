// Pieces of a long series: past and future of a time series, tokens and the tokens that follow them.

import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { indexSelect } from "../../ops/functions/indexing/indexing.ts";
import { narrow, reshape, select } from "../../ops/functions/movement/movement.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Dataset } from "../loading/dataset.ts";

type Pair = readonly [past: Tensor, future: Tensor];

export interface WindowsOptions {
  /** How many steps are seen. */
  readonly length: number;
  /** How many steps after them are to be predicted. Default: 1. */
  readonly horizon?: number;
}

/**
 * All windows of a series [T] or [T, features]: past [length, …] and the future [horizon, …] right after it. There are
 * T - length - horizon + 1. They are cut when they are asked for; split the series, not the windows, into past to train with
 * and future to test with. Throws ArgumentError when the series is too short.
 *
 * @example
 * const set = data.windows(arange(6), { length: 3, horizon: 2 });
 * set.length; // 2
 * set.get(1).map((part) => part.toArraySync().join(" ")); // [1 2 3, 4 5]
 */
export function windows(series: Tensor, { length, horizon = 1 }: WindowsOptions): Dataset<Pair> {
  return new Windows("windows", series, length, horizon, length);
}

/**
 * For language models: pieces [length] of a text in tokens [T], int32, and the same moved on by one, so that each token's
 * target is the one that follows it. There are T - length. Throws ArgumentError when the text is too short.
 *
 * @example
 * const set = data.nextTokens(arange(10), { length: 4 });
 * set.get(2).map((part) => part.toArraySync().join(" ")); // [2 3 4 5, 3 4 5 6]
 */
export function nextTokens(tokens: Tensor, { length }: { readonly length: number }): Dataset<Pair> {
  return new Windows("nextTokens", tokens, length, length, 1);
}

class Windows implements Dataset<Pair> {
  readonly length: number;
  readonly #series: Tensor;
  readonly #past: number;
  readonly #future: number;
  /** From the start of the past to the start of the future. */
  readonly #delay: number;

  constructor(op: string, series: Tensor, past: number, future: number, delay: number) {
    const steps = series.shape[0];
    if (steps === undefined) throw ShapeError.of(op, "expected a series [T] or [T, features]", { got: series.shape });
    for (const [name, value] of Object.entries({ length: past, horizon: future })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new ArgumentError(op, `${name} must be whole and at least 1, got ${value}`);
      }
    }
    this.length = steps - delay - future + 1;
    if (this.length < 1) throw new ArgumentError(op, `${steps} steps are too few, ${delay + future} are needed`);
    this.#series = series;
    this.#past = past;
    this.#future = future;
    this.#delay = delay;
  }

  get(index: number): Pair {
    const [past, future] = this.batch(Int32Array.of(index));
    return [select(past, 0, 0), select(future, 0, 0)];
  }

  batch(indices: Int32Array): Pair {
    const stray = indices.find((index) => index < 0 || index >= this.length);
    if (stray !== undefined) throw new ArgumentError("windows", `there is no window ${stray} of ${this.length}`);
    const steps = this.#delay + this.#future;
    const rows = new Int32Array(indices.length * steps);
    rows.forEach((_, at) => {
      rows[at] = indices[Math.floor(at / steps)]! + (at % steps);
    });
    using list = tensor(rows);
    const all = reshape(indexSelect(this.#series, 0, list), [indices.length, steps, ...this.#series.shape.slice(1)]);
    return [narrow(all, 1, 0, this.#past), narrow(all, 1, this.#delay, this.#future)];
  }
}
