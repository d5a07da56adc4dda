// Everything that a task of the engine sends, as messages with the task's request as their parent: its output, joined and limited; its
// comm messages; its questions. Used by cells and by comm messages.

import type { CellOutput, CommMessage, MimeBundle, PagePayload } from "#protocol";
import { OutputLimit } from "../../output/output-limit.ts";
import { StreamJoiner } from "../../output/stream-joiner.ts";
import type { Answer } from "../engine-messages.ts";
import type { Question, TaskListener } from "../task-listeners.ts";
import type { LiveComms } from "./live-comms.ts";
import type { RequestContext } from "./request-handler.ts";

export interface ListenerParts {
  readonly comms: LiveComms;
  readonly outputLimitMb: number;
}

export class RequestListener implements TaskListener {
  /** What the reply has for the pager. */
  readonly payload: PagePayload[] = [];
  readonly #request: RequestContext;
  readonly #comms: LiveComms;
  readonly #joiner: StreamJoiner;
  readonly #limit: OutputLimit;

  constructor(request: RequestContext, { comms, outputLimitMb }: ListenerParts) {
    this.#request = request;
    this.#comms = comms;
    this.#joiner = new StreamJoiner(({ type, content }) => request.publish(type, content));
    this.#limit = new OutputLimit((output) => this.#joiner.push(output), outputLimitMb);
  }

  output(output: CellOutput): void {
    this.#limit.push(output);
  }

  comm(message: CommMessage, buffers: readonly Uint8Array[]): void {
    this.#joiner.flush();
    this.#comms.note(message);
    const { type, commId: comm_id, target: target_name, data, metadata } = message;
    const content = { comm_id, data, ...(type === "comm_open" && { target_name }) };
    this.#request.publish(type, content, { metadata, buffers });
  }

  ask(question: Question): Promise<Answer> {
    this.#joiner.flush(); // what the cell has said so far explains the question
    return this.#request.ask(question);
  }

  /** A reply has one pager: the latest text replaces the ones before. */
  page(data: MimeBundle): void {
    this.payload.splice(0, 1, { source: "page", data, start: 0 });
  }

  /** The end of the request: everything that it has sent is published. What comes later is published as it comes. */
  end(): void {
    this.#limit.end();
    this.#joiner.flush();
  }
}
