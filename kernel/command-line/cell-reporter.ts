// What `lectern run` shows in the terminal: a line per cell, what it prints, and a progress bar while a model trains.

import { Presets, SingleBar } from "cli-progress";
import { type CellOutput, type MimeBundle, PROGRESS_MIME, type TrainingProgress } from "#protocol";
import { PrintedDisplays } from "../output/printed-displays.ts";

const BAR = "  epoch {epoch} {bar} batch {batch} · {metrics} · {left} left";
const BAR_WIDTH = 24;
/** Without a terminal (in a log) a bar is a line, and one every few seconds is enough. */
const LOG_EVERY_MS = 5000;
const TITLE_CHARS = 72;

export class CellReporter {
  readonly #cells: number;
  #bar: SingleBar | undefined;
  #atLineStart = true;
  readonly #displays = new PrintedDisplays();

  constructor(cells: number) {
    this.#cells = cells;
  }

  /** `heading`: the title that the cell stands under in the notebook; without one, its first line of code. */
  begin(number: number, heading: string, code: string): void {
    const firstLine = code.split("\n").find((line) => line.trim() !== "" && !line.startsWith("import ")) ?? "";
    this.#write(`\n[${number}/${this.#cells}] ${(heading || firstLine.trim()).slice(0, TITLE_CHARS)}\n`);
  }

  show(output: CellOutput): void {
    switch (output.type) {
      case "stream":
        this.#endBar();
        this.#write(output.content.text);
        break;
      case "error":
        this.#endBar();
        this.#writeLine(output.content.traceback.join("\n"));
        break;
      case "clear_output":
        break;
      default: {
        const progress = output.content.data[PROGRESS_MIME] as TrainingProgress | undefined;
        if (progress) this.#showProgress(progress);
        else this.#showText(output);
      }
    }
  }

  #showText({ type, content }: Extract<CellOutput, { content: { data: MimeBundle } }>): void {
    const displayId = "transient" in content ? content.transient.display_id : undefined;
    const text = this.#displays.take(content.data, displayId, type === "update_display_data");
    if (text !== undefined) this.#writeLine(text);
  }

  end(): void {
    this.#endBar();
    if (!this.#atLineStart) this.#write("\n");
  }

  #showProgress({ epoch, epochs, batch, batches, metrics, remainingMs }: TrainingProgress): void {
    const done = (epoch - 1) * batches + batch;
    const total = epochs * batches;
    // A chart also reports before its first batch and once more when it is done: neither is progress.
    if (Object.keys(metrics).length === 0 || (done === total && !this.#bar)) return;
    const values = {
      epoch: `${epoch}/${epochs}`,
      batch: `${batch}/${batches}`,
      metrics: Object.entries(metrics)
        .map(([name, value]) => `${name} ${toMetricText(name, value)}`)
        .join(" · "),
      left: `${Math.ceil(remainingMs / 1000)} s`,
    };
    if (this.#bar) this.#bar.update(done, values);
    else {
      const options = {
        format: BAR,
        barsize: BAR_WIDTH,
        hideCursor: true,
        noTTYOutput: true,
        notTTYSchedule: LOG_EVERY_MS,
      };
      this.#bar = new SingleBar(options, Presets.shades_classic);
      this.#bar.start(total, done, values);
    }
    if (done === total) this.#endBar();
  }

  #endBar(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  #writeLine(text: string): void {
    this.#write(`${this.#atLineStart ? "" : "\n"}${text}\n`);
  }

  #write(text: string): void {
    if (text === "") return;
    process.stdout.write(text);
    this.#atLineStart = text.endsWith("\n");
  }
}

const toMetricText = (name: string, value: number): string =>
  name.toLowerCase().includes("accuracy") ? `${(100 * value).toFixed(1)} %` : value.toFixed(4);
