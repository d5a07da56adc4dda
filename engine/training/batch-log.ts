// Losses and metrics of an epoch's batches: kept on the device, read together every 16 batches or 100 ms, handed on in
// order. Exact sums at the end of the epoch. Notices a loss that is no number.

import { EngineError } from "../core/errors.ts";
import type { Metric } from "../metrics/metric.ts";
import { type Row, Rows, rowOf } from "../metrics/rows.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { BatchRecord } from "./callback.ts";

const everyBatches = 16;
const everyMs = 100;

/** The loss became NaN or infinite. The model's weights are spoiled by then. */
export class TrainingError extends EngineError {
  override readonly name = "TrainingError";
  /** From 1. */
  readonly epoch: number;
  readonly batch: number;
  readonly loss: number;

  constructor(epoch: number, batch: number, loss: number) {
    super(
      "fit",
      `the loss became ${loss} in epoch ${epoch}, batch ${batch}`,
      "Try a smaller learning rate or clipGradNorm; detectAnomaly(fn) around one step names the op that made it.",
    );
    this.epoch = epoch;
    this.batch = batch;
    this.loss = loss;
  }
}

export type Metrics = Readonly<Record<string, Metric<number>>>;

export class BatchLog {
  readonly #epoch: number;
  readonly #firstStep: number;
  readonly #metrics: Metrics;
  readonly #rows = new Rows();
  /** Metrics that have a value for a batch. */
  #names: readonly string[] = [];
  #delivered = 0;
  #batches = 0;
  #lastReadMs = Number.NEGATIVE_INFINITY;

  constructor(epoch: number, firstStep: number, metrics: Metrics) {
    this.#epoch = epoch;
    this.#firstStep = firstStep;
    this.#metrics = metrics;
  }

  /** Batches so far. */
  get batches(): number {
    return this.#batches;
  }

  /** Notes the loss of a batch and the metrics' values for it, which were just updated. */
  add(loss: Tensor, samples: number): void {
    const values = Object.entries(this.#metrics).map(([name, metric]) => [name, metric.batchValue()] as const);
    if (this.#batches === 0) this.#names = values.filter(([, value]) => value !== undefined).map(([name]) => name);
    const known = values.filter(([name]) => this.#names.includes(name)).map(([, value]) => value ?? loss);
    this.#rows.add(rowOf([loss, ...known]), samples);
    for (const [, value] of values) value?.dispose();
    this.#batches++;
  }

  /** Whether values have waited long enough. The first batch's are not kept waiting. */
  get isDue(): boolean {
    return this.#rows.pending >= everyBatches || performance.now() - this.#lastReadMs >= everyMs;
  }

  /** Reads what is pending and hands it on; throws TrainingError after the first batch whose loss is no number. */
  async deliver(handOn: (record: BatchRecord) => Promise<void>): Promise<void> {
    const rows = await this.#rows.read();
    this.#lastReadMs = performance.now();
    while (this.#delivered < rows.length) {
      const batch = ++this.#delivered;
      const record = this.#recordOf(rows[batch - 1]!, batch);
      await handOn(record);
      if (!Number.isFinite(record.loss)) throw new TrainingError(this.#epoch, batch, record.loss);
    }
  }

  /** The mean loss over all samples; what was not delivered is read. */
  async meanLoss(): Promise<number> {
    return meanOf(await this.#rows.read());
  }

  #recordOf({ values: [loss, ...rest] }: Row, batch: number): BatchRecord {
    const named = Object.fromEntries(this.#names.map((name, index) => [name, rest[index]!]));
    return { epoch: this.#epoch, batch, step: this.#firstStep + batch, loss: loss!, ...named };
  }
}

/** Mean of the first column, weighted by the rows' counts, in double precision. */
export function meanOf(rows: readonly Row[]): number {
  const samples = rows.reduce((sum, { count }) => sum + count, 0);
  return rows.reduce((sum, { values, count }) => sum + values[0]! * count, 0) / samples;
}
