// What watches a training run: the hooks of callbacks, and what they are given. Types only; `fit` calls them in order, and
// waits for those that are asynchronous. The training chart of the display is such a callback.

import type { Module } from "../nn/module.ts";
import type { Schedulable } from "../optim/schedules/index.ts";
import type { History } from "./history.ts";

/** Values of one batch: `loss`, and those metrics that are means (`accuracy` …). Numbers count from 1. */
export type BatchRecord = Readonly<Record<string, number>> & {
  readonly epoch: number;
  readonly batch: number;
  /** Batches since the start of the run. */
  readonly step: number;
  readonly loss: number;
};

/** Values of one epoch: `loss`, metrics by name, those of the validation with `val` in front, and the learning rate. */
export type EpochRecord = Readonly<Record<string, number>> & {
  /** From 1. */
  readonly epoch: number;
  /** Mean over all samples of the epoch. */
  readonly loss: number;
  /** That of the first parameter group in the epoch's last step. */
  readonly lr: number;
};

/** The run, as callbacks see it. */
export interface Run {
  readonly model: Module;
  readonly optimizer: Schedulable;
  readonly epochs: number;
  /** Batches in an epoch; undefined when the loader has no length. */
  readonly batches: number | undefined;
  readonly history: History;
  /** Ends training after the batch or epoch that is under way; `reason` comes to stand in the history. */
  stop(reason: string): void;
}

/** Hooks into a training run, all optional. */
export interface Callback {
  onTrainBegin?(run: Run): void | Promise<void>;
  onEpochBegin?(epoch: number, run: Run): void | Promise<void>;
  /**
   * Every batch, in order, once its values are read: up to 16 batches or 100 ms late, so that no GPU waits. What has to
   * happen at once goes into `onBatch` of `fit`.
   */
  onBatchEnd?(values: BatchRecord, run: Run): void | Promise<void>;
  onEpochEnd?(values: EpochRecord, run: Run): void | Promise<void>;
  /** After the last epoch, also when training was stopped; not after an error. */
  onTrainEnd?(history: History, run: Run): void | Promise<void>;
}
