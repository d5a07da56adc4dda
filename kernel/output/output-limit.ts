// A cell that prints or displays without end must fill neither the notebook nor the client. Its text and its displays may each be as
// much as the limit: a cell that prints too much still shows its figures. Results and errors, one a cell, always pass. What the cell
// itself clears does not count.

import type { CellOutput } from "#protocol";
import { DisplayLimit } from "./display-limit.ts";
import type { Limit } from "./limit.ts";
import { TextLimit } from "./text-limit.ts";

export class OutputLimit {
  readonly #send: (output: CellOutput) => void;
  readonly #text: TextLimit;
  readonly #displays: DisplayLimit;
  #clearsBeforeNext = false;

  constructor(send: (output: CellOutput) => void, limitMb: number) {
    const say = (sentence: string) => send({ type: "stream", content: { name: "stderr", text: `\n[${sentence}]\n` } });
    const limit: Limit = { limitMb, send, say };
    this.#send = send;
    this.#text = new TextLimit(limit);
    this.#displays = new DisplayLimit(limit);
  }

  push(output: CellOutput): void {
    if (output.type === "update_display_data") {
      this.#displays.update(output);
      return;
    }
    if (output.type === "clear_output") {
      this.#clearsBeforeNext = output.content.wait;
      if (!output.content.wait) this.#clear();
      this.#send(output);
      return;
    }
    if (this.#clearsBeforeNext) this.#clear();
    if (output.type === "stream") this.#text.push(output.content);
    else if (output.type === "display_data") this.#displays.push(output);
    else this.#send(output);
  }

  /** The end of the cell: what was kept back of its last output. What comes later and is too much is left out. */
  end(): void {
    this.#text.end();
    this.#displays.end();
  }

  #clear(): void {
    this.#clearsBeforeNext = false;
    this.#text.clear();
    this.#displays.clear();
  }
}
