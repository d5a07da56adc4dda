// Keeps the weights of a model's best epoch, in memory or in a file.

import { saveSafetensors } from "../io/index.ts";
import type { Module } from "../nn/module.ts";
import type { StateDict } from "../nn/state-dict.ts";
import type { Callback, EpochRecord, Run } from "./callback.ts";
import { Monitor, type MonitorOptions } from "./monitor.ts";

export interface ModelCheckpointOptions extends MonitorOptions {
  /** Where to save, as safetensors; a function is given the values of the epoch. Default: memory only. */
  readonly path?: string | ((values: EpochRecord) => string);
  /** False saves every epoch. Default: true. */
  readonly saveBestOnly?: boolean;
}

/**
 * A callback that keeps the best weights: `best` is a state dict for `loadStateDict`. Throws ArgumentError for a value that
 * epochs do not have, and what the host throws when a file cannot be written.
 *
 * @example
 * const model = new nn.Linear(1, 1);
 * const checkpoint = new ModelCheckpoint({ monitor: "loss" });
 * const optimizer = new optim.SGD(model.parameters());
 * const batch = [tensor([[1]]), tensor([[2]])];
 * await fit(model, [batch], { loss: nn.functional.mseLoss, optimizer, callbacks: [checkpoint] });
 * Object.keys(checkpoint.best); // [weight, bias]
 */
export class ModelCheckpoint implements Callback {
  readonly #monitor: Monitor;
  readonly #path: ModelCheckpointOptions["path"];
  readonly #bestOnly: boolean;
  #best: StateDict | undefined;
  #bestEpoch: number | undefined;

  constructor({ path, saveBestOnly = true, ...monitor }: ModelCheckpointOptions = {}) {
    this.#monitor = new Monitor("ModelCheckpoint", monitor);
    this.#path = path;
    this.#bestOnly = saveBestOnly;
  }

  /** Weights of the best epoch (or of the last, without `saveBestOnly`); undefined before the first. */
  get best(): StateDict | undefined {
    return this.#best;
  }

  /** The epoch of these weights, from 1. */
  get bestEpoch(): number | undefined {
    return this.#bestEpoch;
  }

  onTrainBegin(): void {
    this.#monitor.reset();
    this.#best = undefined;
    this.#bestEpoch = undefined;
  }

  async onEpochEnd(record: EpochRecord, { model }: Run): Promise<void> {
    const better = this.#monitor.improves(this.#monitor.find(record).value);
    if (this.#bestOnly && !better) return;
    await this.#keep(model, record);
  }

  async #keep(model: Module, record: EpochRecord): Promise<void> {
    const weights = model.stateDict();
    this.#best = weights;
    this.#bestEpoch = record.epoch;
    if (this.#path === undefined) return;
    await saveSafetensors(typeof this.#path === "string" ? this.#path : this.#path(record), weights);
  }
}
