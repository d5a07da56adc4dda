// A chart that grows while a network trains: one output, updated in place at most ten times a second however fast the loop is.
// Updates carry no PNG (drawing one would slow the training); `done()` sends the last state with one. A loop that dies leaves
// the chart as it was.

import { type MimeBundle, PLOTLY_MIME, PROGRESS_MIME } from "#protocol";
import { DisplayError } from "../display-error.ts";
import { Figure, type Rasterise } from "../figure/figure.ts";
import type { Clock, DisplaySink } from "../host.ts";
import { DISPLAY } from "../mime-bundle.ts";
import { chartSpec } from "./chart-spec.ts";
import { History, type Metrics } from "./history.ts";
import { finalLine, progressOf, statusLine } from "./progress.ts";
import { Throttle } from "./throttle.ts";

export const UPDATE_INTERVAL_MS = 100;

export interface TrainingChartOptions {
  readonly epochs: number;
  /** Batches in an epoch, `loader.length`; default 1, for loops that report once an epoch. */
  readonly batches?: number;
  /** Curves in the order of their colours; default loss and accuracy. Others appear when they are first reported. */
  readonly metrics?: readonly string[];
  readonly title?: string;
}

export interface TrainingChartHost {
  readonly sink: DisplaySink;
  readonly clock: Clock;
  readonly rasterise: Rasterise;
}

export class TrainingChart {
  readonly #title: string;
  readonly #history: History;
  readonly #host: TrainingChartHost;
  readonly #throttle: Throttle;
  readonly #startedAt: number;
  readonly #displayId = `lectern-training-${crypto.randomUUID()}`;

  /** @throws DisplayError when `epochs` or `batches` is not a whole number above 0. */
  constructor(options: TrainingChartOptions, host: TrainingChartHost) {
    const { epochs, batches = 1, metrics = ["loss", "accuracy"], title = "Training" } = options;
    for (const [name, value] of Object.entries({ epochs, batches })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new DisplayError("viz.trainingChart", `${name} to be a whole number above 0`, String(value));
      }
    }
    this.#title = title;
    this.#history = new History(epochs, batches, metrics);
    this.#host = host;
    this.#startedAt = host.clock.now();
    this.#throttle = new Throttle(() => this.#send({ update: true }), host.clock, UPDATE_INTERVAL_MS);
    this.#send({ update: false });
  }

  /** Reports one batch: `chart.step({ loss: await loss.item(), accuracy: 0.94 })`. Accuracies are shares of 1. */
  step(metrics: Metrics): void {
    checkNumbers("chart.step", metrics);
    this.#history.addStep(metrics);
    this.#throttle.request();
  }

  /** Reports values of a whole epoch, drawn as points: `chart.epochEnd({ testAccuracy: 0.97 })`. */
  epochEnd(metrics: Metrics = {}): void {
    checkNumbers("chart.epochEnd", metrics);
    this.#history.addEpoch(metrics);
    this.#throttle.request();
  }

  /** Sends the final state, with a picture for readers without a notebook. */
  async done(): Promise<void> {
    this.#throttle.cancel();
    const progress = this.#progress();
    const spec = chartSpec(this.#history, this.#title, finalLine(progress, this.#history.position));
    const bundle = await new Figure(spec, this.#host.rasterise)[DISPLAY]();
    this.#host.sink.display({ ...bundle, [PROGRESS_MIME]: progress }, { displayId: this.#displayId, update: true });
  }

  #progress() {
    return progressOf(this.#history, this.#host.clock.now() - this.#startedAt);
  }

  #send({ update }: { readonly update: boolean }): void {
    const progress = this.#progress();
    const status = this.#history.position === 0 ? "waiting for the first batch" : statusLine(progress);
    const { data, layout, text } = chartSpec(this.#history, this.#title, status);
    const bundle: MimeBundle = { [PLOTLY_MIME]: { data, layout }, [PROGRESS_MIME]: progress, "text/plain": text };
    this.#host.sink.display(bundle, { displayId: this.#displayId, update });
  }
}

function checkNumbers(operation: string, metrics: Metrics): void {
  for (const [name, value] of Object.entries(metrics)) {
    if (typeof value === "number") continue;
    const hint = "read a tensor's number with `await loss.item()`";
    throw new DisplayError(operation, `a number for "${name}"`, typeof value, hint);
  }
}
