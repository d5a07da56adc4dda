// Joins stream texts that follow each other closely into one message, so that a printing loop does not drown the client.
// Order is kept: any other output first sends what has been collected.

import type { CellOutput } from "#protocol";

const WAIT_MS = 40;
const FULL_CHARS = 64 * 1024;

type StreamName = "stdout" | "stderr";

export class StreamJoiner {
  readonly #send: (output: CellOutput) => void;
  #name: StreamName = "stdout";
  #texts: string[] = [];
  #chars = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (output: CellOutput) => void) {
    this.#send = send;
  }

  push(output: CellOutput): void {
    if (output.type !== "stream") {
      this.flush();
      this.#send(output);
      return;
    }
    const { name, text } = output.content;
    if (name !== this.#name) this.flush();
    this.#name = name;
    this.#texts.push(text);
    this.#chars += text.length;
    if (this.#chars >= FULL_CHARS) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), WAIT_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#texts.length === 0) return;
    const text = this.#texts.join("");
    this.#texts = [];
    this.#chars = 0;
    this.#send({ type: "stream", content: { name: this.#name, text } });
  }
}
