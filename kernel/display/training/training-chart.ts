// A chart that grows while a network trains: one output, updated in place at most ten times a second however fast the loop is.
// Updates carry no PNG (drawing one would slow the training); `done()` sends the last state with one. A loop that dies leaves
// the chart as it was. Its hooks make it a callback of `fit`; it knows the engine by their names only.

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
  /** Needed in a loop of one's own; `fit` tells it. */
  readonly epochs?: number;
  /** Batches in an epoch, `loader.length`; default 1, for loops that report once an epoch. `fit` tells it. */
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

/** What a chart hears from `fit` at the start: the engine's Run, as far as a chart needs it. */
interface Plan {
  readonly epochs: number;
  /** Undefined when the loader has no length: then the chart shows epochs only. */
  readonly batches: number | undefined;
}

/** Where a batch or epoch is, and the learning rate: told by `fit` beside the values, and not drawn. */
const POSITION = new Set(["epoch", "batch", "step", "lr"]);

/** A live chart: reports in a loop, or a callback of the engine's `fit`. */
export class TrainingChart {
  readonly #title: string;
  readonly #metrics: readonly string[];
  readonly #host: TrainingChartHost;
  readonly #throttle: Throttle;
  readonly #displayId = `lectern-training-${crypto.randomUUID()}`;
  #history: History | undefined;
  #startedAt = 0;
  #isShown = false;

  /** @throws DisplayError when `epochs` or `batches` is not a whole number above 0. */
  constructor(options: TrainingChartOptions, host: TrainingChartHost) {
    const { epochs, batches, metrics = ["loss", "accuracy"], title = "Training" } = options;
    this.#title = title;
    this.#metrics = metrics;
    this.#host = host;
    this.#throttle = new Throttle(() => this.#send(), host.clock, UPDATE_INTERVAL_MS);
    if (epochs !== undefined) this.#begin({ epochs, batches });
  }

  /** Reports one batch: `chart.step({ loss: await loss.item(), accuracy: 0.94 })`. Accuracies are shares of 1. */
  step(metrics: Metrics): void {
    checkNumbers("chart.step", metrics);
    this.#started("chart.step").addStep(metrics);
    this.#throttle.request();
  }

  /** Reports values of a whole epoch, drawn as points: `chart.epochEnd({ testAccuracy: 0.97 })`. */
  epochEnd(metrics: Metrics = {}): void {
    checkNumbers("chart.epochEnd", metrics);
    this.#started("chart.epochEnd").addEpoch(metrics);
    this.#throttle.request();
  }

  /** Sends the final state, with a picture for readers without a notebook. */
  async done(): Promise<void> {
    this.#throttle.cancel();
    const history = this.#started("chart.done");
    const progress = this.#progressOf(history);
    const spec = chartSpec(history, this.#title, finalLine(progress, history.position));
    const bundle = await new Figure(spec, this.#host.rasterise)[DISPLAY]();
    this.#host.sink.display({ ...bundle, [PROGRESS_MIME]: progress }, { displayId: this.#displayId, update: true });
  }

  /** Hook of `fit`: a new run. */
  onTrainBegin({ epochs, batches }: Plan): void {
    this.#begin({ epochs, batches });
  }

  /** Hook of `fit`: a batch, unless the chart shows epochs only. */
  onBatchEnd(values: Metrics): void {
    if (this.#started("chart.onBatchEnd").batches > 1) this.step(withoutPosition(values));
  }

  /** Hook of `fit`: an epoch; what has a curve of batches already gets no points beside it. */
  onEpochEnd(values: Metrics): void {
    const { stepCurves } = this.#started("chart.onEpochEnd");
    const drawn = Object.entries(withoutPosition(values)).filter(([name]) => !stepCurves.get(name)?.y.length);
    this.epochEnd(Object.fromEntries(drawn));
  }

  /** Hook of `fit`: the end. */
  async onTrainEnd(): Promise<void> {
    await this.done();
  }

  #begin({ epochs, batches = 1 }: { readonly epochs: number; readonly batches?: number | undefined }): void {
    for (const [name, value] of Object.entries({ epochs, batches })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new DisplayError("viz.trainingChart", `${name} to be a whole number above 0`, String(value));
      }
    }
    this.#throttle.cancel();
    this.#history = new History(epochs, batches, this.#metrics);
    this.#startedAt = this.#host.clock.now();
    this.#send();
  }

  #started(operation: string): History {
    if (this.#history !== undefined) return this.#history;
    const hint =
      "viz.trainingChart({ epochs, batches: loader.length }), or give the chart to fit: { callbacks: [chart] }";
    throw new DisplayError(operation, "a chart that knows how many epochs there are", "none", hint);
  }

  #progressOf(history: History) {
    return progressOf(history, this.#host.clock.now() - this.#startedAt);
  }

  #send(): void {
    const history = this.#started("chart");
    const progress = this.#progressOf(history);
    const status = history.position === 0 ? "waiting for the first batch" : statusLine(progress);
    const { data, layout, text } = chartSpec(history, this.#title, status);
    const bundle: MimeBundle = { [PLOTLY_MIME]: { data, layout }, [PROGRESS_MIME]: progress, "text/plain": text };
    this.#host.sink.display(bundle, { displayId: this.#displayId, update: this.#isShown });
    this.#isShown = true;
  }
}

function withoutPosition(values: Metrics): Metrics {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !POSITION.has(name)));
}

function checkNumbers(operation: string, metrics: Metrics): void {
  for (const [name, value] of Object.entries(metrics)) {
    if (typeof value === "number") continue;
    const hint = "read a tensor's number with `await loss.item()`";
    throw new DisplayError(operation, `a number for "${name}"`, typeof value, hint);
  }
}
