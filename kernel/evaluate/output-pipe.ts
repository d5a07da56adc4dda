// What a cell prints and shows, written to the output pipe as it happens. Writes block until the kernel has taken them,
// so output arrives while a synchronous loop runs, in order, and never piles up here.
// Also marks the end of a cell on the plain stdout and stderr, where native code and child processes write.

import type { AsyncLocalStorage } from "node:async_hooks";
import { writeSync } from "node:fs";
import type { CellOutput } from "#protocol";
import { type EngineEvent, endOfCellMark, OUTPUT_FD } from "../session/engine-messages.ts";
import { encodeFrame } from "../transport/frames.ts";
import type { RunningCell } from "./running-cell.ts";

type Write = typeof process.stdout.write;

export class OutputPipe {
  readonly #cells: AsyncLocalStorage<RunningCell>;
  #latestCell = 0;

  constructor(cells: AsyncLocalStorage<RunningCell>) {
    this.#cells = cells;
  }

  send(event: EngineEvent, buffers: readonly Uint8Array[] = []): void {
    const frame = encodeFrame(event, buffers);
    for (let written = 0; written < frame.length; ) written += writeSync(OUTPUT_FD, frame, written);
  }

  /** Sends output of the cell whose code is running, or of the latest one. */
  output(output: CellOutput): void {
    this.send({ type: "output", cell: this.cell, output });
  }

  /** The cell whose code is running, or the latest one. */
  get cell(): number {
    return this.#cells.getStore()?.cell ?? this.#latestCell;
  }

  /** From now on `process.stdout` and `process.stderr`, and with them `console`, write here. */
  capture(): void {
    process.stdout.write = this.#writer("stdout");
    process.stderr.write = this.#writer("stderr");
  }

  begin(cell: number): void {
    this.#latestCell = cell;
  }

  end(cell: number): void {
    const mark = endOfCellMark(cell);
    writeSync(1, mark);
    writeSync(2, mark);
  }

  #writer(name: "stdout" | "stderr"): Write {
    return ((chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      if (text !== "") this.output({ type: "stream", content: { name, text } });
      const done = typeof encoding === "function" ? encoding : callback;
      if (typeof done === "function") process.nextTick(done);
      return true;
    }) as Write;
  }
}
