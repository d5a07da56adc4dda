// What a cell prints, up to a limit; beyond it only the last lines are kept, and come at the end of the cell, behind a notice that says
// how much was left out.

import type { StreamContent } from "#protocol";
import { HINT, type Limit, MB } from "./limit.ts";

const TAIL_CHARS = 64 * 1024;

export class TextLimit {
  readonly #limit: Limit;
  #chars = 0;
  #tail: StreamContent[] = [];
  #tailChars = 0;
  #hasEnded = false;

  constructor(limit: Limit) {
    this.#limit = limit;
  }

  push(content: StreamContent): void {
    const { send, say, limitMb } = this.#limit;
    const wasFull = this.#isFull;
    this.#chars += content.text.length;
    if (!this.#isFull) send({ type: "stream", content });
    else {
      const follow = this.#hasEnded ? "" : " Its last lines follow at its end.";
      const problem = `it printed more than ${limitMb} MB ${HINT}.`;
      if (!wasFull) say(`The rest of this cell's output is kept back: ${problem}${follow}`);
      if (!this.#hasEnded) this.#keep(content);
    }
  }

  /** The end of the cell: what was kept back of its last lines. What comes later and is too much is left out. */
  end(): void {
    const { send, say, limitMb } = this.#limit;
    this.#hasEnded = true;
    if (!this.#isFull) return;
    const leftOut = this.#chars - limitMb * MB - this.#tailChars;
    if (leftOut > 0) say(`${(leftOut / MB).toFixed(1)} MB were left out here. The last lines:`);
    for (const content of this.#tail) send({ type: "stream", content });
    this.#tail = [];
  }

  /** What was printed is cleared. */
  clear(): void {
    this.#chars = 0;
    this.#tail = [];
    this.#tailChars = 0;
  }

  get #isFull(): boolean {
    return this.#chars > this.#limit.limitMb * MB;
  }

  #keep(content: StreamContent): void {
    this.#tail.push({ ...content, text: content.text.slice(-TAIL_CHARS) });
    this.#tailChars += this.#tail.at(-1)!.text.length;
    while (this.#tailChars - this.#tail[0]!.text.length >= TAIL_CHARS) {
      this.#tailChars -= this.#tail.shift()!.text.length;
    }
  }
}
