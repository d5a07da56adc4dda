// Ends training when a value has stopped getting better: as a callback of `fit`, or asked once an epoch in a loop.

import { ArgumentError } from "../core/errors.ts";
import type { Module } from "../nn/module.ts";
import type { StateDict } from "../nn/state-dict.ts";
import type { Callback, EpochRecord, Run } from "./callback.ts";
import type { History } from "./history.ts";
import { Monitor, type MonitorOptions } from "./monitor.ts";

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without progress after which training ends. Default: 3. */
  readonly patience?: number;
  /** Give the model the weights of its best epoch in the end. Default: false. */
  readonly restoreBestWeights?: boolean;
}

/**
 * Ends training after `patience` epochs without progress. In a loop, `step(value, model)` says when; `fit` takes it as
 * `earlyStopping`. Throws ArgumentError for options out of range and for a value that epochs do not have.
 *
 * L. Prechelt, Early Stopping - But When?, 1998, https://doi.org/10.1007/3-540-49430-8_3
 *
 * @example
 * const stopping = new EarlyStopping({ patience: 2 });
 * [3, 2, 1, 2, 1.5, 1].map((loss) => stopping.step(loss)); // [false, false, false, false, true, true]
 * stopping.best; // 1
 */
export class EarlyStopping implements Callback {
  readonly patience: number;
  readonly restoreBestWeights: boolean;
  readonly #monitor: Monitor;
  #weights: StateDict | undefined;
  #badEpochs = 0;

  constructor({ patience = 3, restoreBestWeights = false, ...monitor }: EarlyStoppingOptions = {}) {
    if (!(patience >= 0)) throw new ArgumentError("EarlyStopping", `patience must be at least 0, got ${patience}`);
    this.patience = patience;
    this.restoreBestWeights = restoreBestWeights;
    this.#monitor = new Monitor("EarlyStopping", monitor);
  }

  /** The best value so far. */
  get best(): number | undefined {
    return this.#monitor.best;
  }

  /** Epochs since then. */
  get badEpochs(): number {
    return this.#badEpochs;
  }

  /**
   * Takes in the value of an epoch; true when training should end. With `restoreBestWeights` and a model, remembers its
   * weights whenever the value is the best, and gives them back when it says true.
   */
  step(value: number, model?: Module): boolean {
    if (typeof value !== "number") {
      const hint = "Read it first: stopping.step(await loss.item()).";
      throw new ArgumentError("EarlyStopping", `step needs a number, got ${typeof value}`, hint);
    }
    if (this.#monitor.improves(value)) {
      this.#badEpochs = 0;
      if (this.restoreBestWeights) this.#weights = model?.stateDict();
      return false;
    }
    this.#badEpochs++;
    const ends = this.#badEpochs >= this.patience;
    if (ends && model !== undefined) this.restore(model);
    return ends;
  }

  /** Gives the model the weights of the best epoch, if they were remembered. */
  restore(model: Module): void {
    if (this.#weights !== undefined) model.loadStateDict(this.#weights);
  }

  /** Forgets all epochs. */
  reset(): void {
    this.#monitor.reset();
    this.#weights = undefined;
    this.#badEpochs = 0;
  }

  onTrainBegin(): void {
    this.reset();
  }

  onEpochEnd(record: EpochRecord, run: Run): void {
    const { name, value } = this.#monitor.find(record);
    if (!this.step(value, run.model)) return;
    const epochs = this.#badEpochs === 1 ? "1 epoch" : `${this.#badEpochs} epochs`;
    run.stop(`early stopping, ${name} has not been better than ${this.best} for ${epochs}`);
  }

  onTrainEnd(_history: History, { model }: Run): void {
    this.restore(model);
  }
}
