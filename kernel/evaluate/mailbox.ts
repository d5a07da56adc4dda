// Answers for a thread that waits for them: the supervisor thread puts them in, the main thread takes them out without going back to
// its event loop. A wait can be terminated, as any other code of a cell.

import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { Answer } from "../session/engine-messages.ts";

interface Letter {
  readonly question: number;
  readonly answer: Answer;
}

/** The supervisor's end, handed to its thread. */
export interface MailboxSlot {
  readonly posted: Int32Array<SharedArrayBuffer>;
  readonly port: MessagePort;
}

export class Mailbox {
  readonly #posted = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #channel = new MessageChannel();

  /** For the worker's `workerData`; its port belongs into the `transferList`. */
  get slot(): MailboxSlot {
    return { posted: this.#posted, port: this.#channel.port2 };
  }

  /** Blocks until the answer to `question` is there; answers to others came too late and are dropped. */
  waitFor(question: number): Answer {
    for (;;) {
      const posted = Atomics.load(this.#posted, 0);
      for (let letter = this.#take(); letter; letter = this.#take()) {
        if (letter.question === question) return letter.answer;
      }
      Atomics.wait(this.#posted, 0, posted);
    }
  }

  #take(): Letter | undefined {
    return (receiveMessageOnPort(this.#channel.port1) as { readonly message: Letter } | undefined)?.message;
  }
}

export function post({ posted, port }: MailboxSlot, letter: Letter): void {
  port.postMessage(letter);
  Atomics.add(posted, 0, 1);
  Atomics.notify(posted, 0);
}
