// Rows of numbers that stay on the device until somebody reads them, all at once. Metrics and `fit` keep a row a batch.

import { noGrad } from "../autograd/no-grad.ts";
import { cat } from "../ops/functions/movement/movement.ts";
import { to } from "../ops/functions/pointwise/pointwise.ts";
import { scoped } from "../tensor/scope.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** One row, read: the numbers of a batch, and how many elements they are of. */
export interface Row {
  readonly values: readonly number[];
  readonly count: number;
}

/** Tensors that wait before they are joined into one. */
const manyPending = 256;

/** Scalars as one row, float32 [n]. */
export function rowOf(values: readonly Tensor[]): Tensor {
  return noGrad(() => scoped(() => cat(values.map((value) => to(value, "float32").reshape(1)))));
}

export class Rows {
  #pending: Tensor[] = [];
  #counts: number[] = [];
  #rows: Row[] = [];
  #reading: Promise<unknown> = Promise.resolve();

  /** Rows that are not read yet. */
  get pending(): number {
    return this.#counts.length - this.#rows.length;
  }

  /** Takes over `row`; all rows have the same length. */
  add(row: Tensor, count: number): void {
    this.#pending.push(row);
    this.#counts.push(count);
    if (this.#pending.length >= manyPending) this.#pending = [joined(this.#pending)];
  }

  /** All rows since the last `clear()`, in order. */
  read(): Promise<readonly Row[]> {
    const next = this.#reading.then(() => this.#readPending());
    this.#reading = next.catch(() => undefined);
    return next;
  }

  clear(): void {
    for (const row of this.#pending) row.dispose();
    this.#pending = [];
    this.#counts = [];
    this.#rows = [];
  }

  async #readPending(): Promise<readonly Row[]> {
    const { pending } = this;
    if (pending === 0) return this.#rows;
    const all = joined(this.#pending);
    const [rows, counts] = [this.#rows, this.#counts];
    const start = rows.length;
    this.#pending = [];
    const values = await all.data();
    all.dispose();
    const width = values.length / pending;
    for (let row = 0; row < pending; row++) {
      rows.push({
        values: Array.from(values.subarray(row * width, (row + 1) * width)),
        count: counts[start + row]!,
      });
    }
    return rows;
  }
}

/** One tensor of all rows; disposes of them. */
function joined(rows: readonly Tensor[]): Tensor {
  const all = noGrad(() => cat(rows));
  for (const row of rows) row.dispose();
  return all;
}
