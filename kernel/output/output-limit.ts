// A cell that prints without end must fill neither the notebook nor the client: up to a limit its text passes, then only the last of it
// is kept and comes at the end of the cell, behind a notice that says how much was left out. Displays are no text and pass.

import type { CellOutput, StreamContent } from "#protocol";
import { SettingError } from "../settings/setting-error.ts";

/** 100,000 lines of 100 characters pass. Beyond that, editors crawl and notebook files cannot be shared. */
export const DEFAULT_LIMIT_MB = 10;
const MB = 1e6;
const TAIL_CHARS = 64 * 1024;

/** From the environment; throws {@link SettingError} for what is no number. */
export function outputLimitMb(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_LIMIT_MB;
  const limit = Number(text);
  if (limit > 0) return limit;
  throw new SettingError("LECTERN_OUTPUT_LIMIT_MB", "a number of megabytes", text);
}

export class OutputLimit {
  readonly #send: (output: CellOutput) => void;
  readonly #limitMb: number;
  #chars = 0;
  #tail: StreamContent[] = [];
  #tailChars = 0;
  #hasEnded = false;

  constructor(send: (output: CellOutput) => void, limitMb: number) {
    this.#send = send;
    this.#limitMb = limitMb;
  }

  push(output: CellOutput): void {
    if (output.type !== "stream") {
      this.#send(output);
      return;
    }
    const { text } = output.content;
    const wasFull = this.#isFull;
    this.#chars += text.length;
    if (!this.#isFull) this.#send(output);
    else {
      if (!wasFull)
        this.#say(`The rest of this cell's output is kept back: it printed more than ${this.#limitMb} MB${HINT}`);
      if (!this.#hasEnded) this.#keep(output.content);
    }
  }

  /** The end of the cell: what was kept back of its last lines. What comes later and is too much is left out. */
  end(): void {
    this.#hasEnded = true;
    if (!this.#isFull) return;
    const leftOut = this.#chars - this.#limitMb * MB - this.#tailChars;
    if (leftOut > 0) this.#say(`${(leftOut / MB).toFixed(1)} MB were left out here. The last lines:`);
    for (const content of this.#tail) this.#send({ type: "stream", content });
    this.#tail = [];
  }

  get #isFull(): boolean {
    return this.#chars > this.#limitMb * MB;
  }

  #keep(content: StreamContent): void {
    this.#tail.push({ ...content, text: content.text.slice(-TAIL_CHARS) });
    this.#tailChars += this.#tail.at(-1)!.text.length;
    while (this.#tailChars - this.#tail[0]!.text.length >= TAIL_CHARS) {
      this.#tailChars -= this.#tail.shift()!.text.length;
    }
  }

  #say(sentence: string): void {
    this.#send({ type: "stream", content: { name: "stderr", text: `\n[${sentence}]\n` } });
  }
}

const HINT = " (the variable LECTERN_OUTPUT_LIMIT_MB sets the limit). Its last lines follow at its end.";
