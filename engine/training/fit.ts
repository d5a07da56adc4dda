// `fit`: the training loop, for those who have written it often enough. It does what the plain loop does (forward, loss,
// backward, step), measures, validates and reports; everything that it uses can be used without it.

import { ArgumentError } from "../core/errors.ts";
import { Breather } from "../data/loading/breather.ts";
import type { Module } from "../nn/module.ts";
import { clipGradNorm } from "../optim/clip-grad.ts";
import { type Interval, ReduceLROnPlateau, type Schedulable, type Scheduler } from "../optim/schedules/index.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  type Forward,
  forwardPair,
  type Loader,
  type Loss,
  lossOf,
  pairOf,
  rememberModes,
  samplesIn,
} from "./batch.ts";
import { BatchLog, type Metrics } from "./batch-log.ts";
import type { BatchRecord, Callback, EpochRecord, Run } from "./callback.ts";
import { EarlyStopping, type EarlyStoppingOptions } from "./early-stopping.ts";
import { computeAll, evaluate, type StopSignal } from "./evaluate.ts";
import { History } from "./history.ts";
import { watched } from "./monitor.ts";

/** An optimiser, as `fit` uses it. */
export interface Stepper extends Schedulable {
  readonly parameters: readonly Tensor[];
  zeroGrad(): void;
  step(): void;
}

/** A batch right after its step, with tensors that nobody has read. */
export interface BatchStep {
  /** From 1. */
  readonly epoch: number;
  readonly batch: number;
  readonly loss: Tensor;
  readonly output: Tensor | undefined;
  readonly target: Tensor | undefined;
}

/** What `fit` needs beside the model and the batches; only `optimizer`, and `loss` or `forward`, must be there. */
export interface FitOptions<B = readonly Tensor[], M extends Module = Module> {
  /** `nn.functional.crossEntropy`, `new nn.MSELoss()`, or a function of output and target; not needed if `forward` gives it. */
  readonly loss?: Loss;
  /** What changes the weights after each batch. */
  readonly optimizer: Stepper;
  /** Default: 1. */
  readonly epochs?: number;
  /** Evaluated after every epoch; its values are `valLoss`, `valAccuracy` … */
  readonly validation?: Loader<B>;
  /** By the names they have in the history: `{ accuracy: new metrics.Accuracy() }`. */
  readonly metrics?: Metrics;
  /** Called at the begin and end of the training, of epochs and of batches, in this order. */
  readonly callbacks?: readonly Callback[];
  /** Changes the learning rate. Default: none. */
  readonly schedule?: Scheduler | ReduceLROnPlateau;
  /** When the schedule steps. Default: its own, `batch` for OneCycleLR and CyclicLR, else `epoch`. */
  readonly scheduleEvery?: Interval;
  /** What ReduceLROnPlateau looks at. Default: valLoss, or loss without validation. */
  readonly monitor?: string;
  /** The largest norm that gradients may have. Default: any. */
  readonly clipGradNorm?: number;
  readonly earlyStopping?: EarlyStopping | EarlyStoppingOptions;
  /** An AbortSignal: ends training after the current batch. */
  readonly signal?: StopSignal;
  /** How a batch goes through the model. Default: [x, y] → output `model.forward(x)`, target y. */
  readonly forward?: Forward<B, M>;
  /** Called after every step, at once; reading the tensors makes a GPU wait. */
  readonly onBatch?: (step: BatchStep) => void;
}

/**
 * Trains a model and gives back its history. The model is in training mode meanwhile, and afterwards in the mode it was in.
 * Losses are read every 16 batches or 100 ms, their mean over an epoch is exact. Throws TrainingError when the loss becomes
 * NaN or infinite, ArgumentError for options out of range and for batches that are no [input, target].
 *
 * @example
 * const x = linspace(-1, 1, 32).unsqueeze(1);
 * const loader = new data.DataLoader(new data.TensorDataset(x, x.mul(3)), { batchSize: 8, shuffle: true });
 * const model = new nn.Linear(1, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
 * const history = await fit(model, loader, { loss: nn.functional.mseLoss, optimizer, epochs: 20 });
 * history.values("loss")[19] < 1e-4; // true
 * model.weight.detach().flatten().toArraySync()[0].toFixed(2); // 3.00
 */
export async function fit<B = readonly Tensor[], M extends Module = Module>(
  model: M,
  loader: Loader<B>,
  options: FitOptions<B, M>,
): Promise<History> {
  return await new Training(model, loader, options).run();
}

const reserved = ["epoch", "batch", "step", "loss", "lr"];

class Training<B, M extends Module> implements Run {
  readonly model: M;
  readonly optimizer: Stepper;
  readonly epochs: number;
  readonly batches: number | undefined;
  readonly history = new History();
  readonly #loader: Loader<B>;
  readonly #options: FitOptions<B, M>;
  readonly #metrics: Metrics;
  readonly #callbacks: readonly Callback[];
  readonly #breather = new Breather();
  #steps = 0;

  constructor(model: M, loader: Loader<B>, options: FitOptions<B, M>) {
    const { optimizer, epochs = 1, metrics = {}, callbacks = [], earlyStopping } = options;
    if (!Number.isInteger(epochs) || epochs < 1) {
      throw new ArgumentError("fit", `epochs must be whole and at least 1, got ${epochs}`);
    }
    const taken = Object.keys(metrics).find((name) => reserved.includes(name));
    if (taken !== undefined) throw new ArgumentError("fit", `a metric cannot be named ${taken}`);
    this.model = model;
    this.optimizer = optimizer;
    this.epochs = epochs;
    this.batches = loader.length;
    this.#loader = loader;
    this.#options = options;
    this.#metrics = metrics;
    const stopping = earlyStopping instanceof EarlyStopping ? earlyStopping : new EarlyStopping(earlyStopping);
    this.#callbacks = earlyStopping === undefined ? callbacks : [...callbacks, stopping];
  }

  stop(reason: string): void {
    this.history.stopped ??= reason;
  }

  async run(): Promise<History> {
    const restoreModes = rememberModes(this.model);
    try {
      await this.#each((callback) => callback.onTrainBegin?.(this));
      for (let epoch = 1; epoch <= this.epochs && !this.#isStopped(); epoch++) await this.#epoch(epoch);
      await this.#each((callback) => callback.onTrainEnd?.(this.history, this));
    } finally {
      restoreModes();
    }
    return this.history;
  }

  async #epoch(epoch: number): Promise<void> {
    await this.#each((callback) => callback.onEpochBegin?.(epoch, this));
    for (const metric of Object.values(this.#metrics)) metric.reset();
    const log = new BatchLog(epoch, this.#steps, this.#metrics);
    await this.#trainBatches(epoch, log);
    if (log.batches === 0) {
      const hint = "A generator runs only once; give a DataLoader or an array.";
      throw new ArgumentError("fit", `the loader gave no batches in epoch ${epoch}`, hint);
    }
    const lr = this.optimizer.paramGroups[0]!.lr;
    const trained = { epoch, loss: await log.meanLoss(), ...(await computeAll(this.#metrics)) };
    const record: EpochRecord = { ...trained, ...(await this.#validate()), lr };
    this.history.epochs.push(record);
    this.#scheduleEpoch(record);
    await this.#each((callback) => callback.onEpochEnd?.(record, this));
  }

  async #trainBatches(epoch: number, log: BatchLog): Promise<void> {
    const handOn = (record: BatchRecord) => this.#each((callback) => callback.onBatchEnd?.(record, this));
    this.model.train();
    for await (const batch of this.#loader) {
      this.#step(epoch, batch, log);
      if (log.isDue) await log.deliver(handOn);
      if (this.#isStopped()) break;
      await this.#breather.pause();
    }
    await log.deliver(handOn);
  }

  #step(epoch: number, batch: B, log: BatchLog): void {
    const { loss: lossFunction, forward = forwardPair, clipGradNorm: maxNorm, onBatch } = this.#options;
    const outcome = forward(this.model, batch);
    const loss = lossOf("fit", lossFunction, outcome);
    this.optimizer.zeroGrad();
    loss.backward();
    if (maxNorm !== undefined) clipGradNorm(this.optimizer.parameters, maxNorm).dispose();
    this.optimizer.step();
    for (const metric of Object.values(this.#metrics)) metric.update(...pairOf("fit", outcome));
    log.add(loss, samplesIn(batch, outcome));
    this.#steps++;
    const { schedule } = this.#options;
    if (schedule !== undefined && !(schedule instanceof ReduceLROnPlateau) && this.#interval(schedule) === "batch") {
      schedule.step();
    }
    onBatch?.({ epoch, batch: log.batches, loss, output: outcome.output, target: outcome.target });
  }

  /** Values of the validation, unless training was stopped by signal. */
  async #validate(): Promise<Record<string, number>> {
    const { validation, loss, forward, signal } = this.#options;
    if (validation === undefined || signal?.aborted) return {};
    const values = await evaluate<B, M>(this.model, validation, {
      metrics: this.#metrics,
      ...(loss !== undefined && { loss }),
      ...(forward !== undefined && { forward }),
      ...(signal !== undefined && { signal }),
    });
    if (signal?.aborted) return {};
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`val${name.charAt(0).toUpperCase()}${name.slice(1)}`, value]),
    );
  }

  #scheduleEpoch(record: EpochRecord): void {
    const { schedule, monitor } = this.#options;
    if (schedule instanceof ReduceLROnPlateau) schedule.step(watched("fit", monitor, record).value);
    else if (schedule !== undefined && this.#interval(schedule) === "epoch") schedule.step();
  }

  #interval(schedule: Scheduler): Interval {
    return this.#options.scheduleEvery ?? schedule.every;
  }

  #isStopped(): boolean {
    if (this.#options.signal?.aborted) this.stop("by signal");
    return this.history.stopped !== undefined;
  }

  async #each(call: (callback: Callback) => void | Promise<void>): Promise<void> {
    for (const callback of this.#callbacks) await call(callback);
  }
}
