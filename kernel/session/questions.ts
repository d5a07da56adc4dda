// Questions of cells to the person at the client: `input_request` out, `input_reply` back, both on the stdin channel. A cell that asks
// holds its engine, so there is one question at a time; a new one means that the old one's cell has been stopped.

import type { Message } from "#protocol";
import type { Answer } from "./engine-messages.ts";

interface OpenQuestion {
  readonly id: string;
  readonly resolve: (answer: Answer) => void;
}

export class Questions {
  #open: OpenQuestion | undefined;

  /** `id` is that of the `input_request` message. */
  ask(id: string): Promise<Answer> {
    return new Promise((resolve) => {
      this.#open = { id, resolve };
    });
  }

  /** Returns whether the reply answered something. Some clients send it without a parent (jupyter_client's `input`). */
  take({ parent_header, content }: Message): boolean {
    const isMeant = this.#open && (!("msg_id" in parent_header) || parent_header.msg_id === this.#open.id);
    if (!this.#open || !isMeant) return false;
    const { value } = content as { readonly value?: unknown };
    const { resolve } = this.#open;
    this.#open = undefined;
    if (typeof value === "string" || value === null) resolve({ value });
    else resolve({ problem: `the client answered with ${typeof value} instead of a text` });
    return true;
  }
}
