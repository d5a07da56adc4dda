// A kernel towards its clients: takes requests in their turn, says busy and idle around each, hands it to its handler and sends the
// reply. What a request means is the business of its row in the table (requests/). Runs no user code itself, so control requests are
// always answered.

import { randomUUID } from "node:crypto";
import type { Channel, Header, Message } from "#protocol";
import { PROTOCOL_VERSION } from "#protocol";
import {
  checkContent,
  type MessageExtras,
  type Reply,
  type RequestContext,
  type RequestHandler,
  type RequestTable,
} from "./requests/request-handler.ts";

/** The session's way out; transports implement it. */
export interface Outlet {
  /** Broadcasts on iopub. */
  publish(message: Message): void;
  /** Resolves when everything published so far has been handed to the system. */
  flush(): Promise<void>;
}

export interface Request {
  readonly channel: Extract<Channel, "shell" | "control">;
  readonly message: Message;
  readonly reply: (message: Message) => void;
}

export interface SessionOptions {
  readonly outlet: Outlet;
  readonly requests: RequestTable;
  readonly log: (line: string) => void;
}

/** A request with its handler and its checked content; `problem` says what is wrong with it. */
interface Job extends Request {
  readonly handler: RequestHandler | undefined;
  readonly content: object;
  readonly problem?: string;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #id = randomUUID();
  readonly #queue: Job[] = [];
  #working = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#publish("status", { execution_state: "starting" }, {});
  }

  take(request: Request): void {
    const job = this.#toJob(request);
    if (!job) return;
    if (this.#isAtOnce(job)) void this.#handle(job);
    else {
      this.#queue.push(job);
      void this.#work();
    }
  }

  /** undefined for what is neither known nor a request: nobody waits for an answer to it. */
  #toJob(request: Request): Job | undefined {
    const { msg_type } = request.message.header;
    const handler = Object.hasOwn(this.#options.requests, msg_type) ? this.#options.requests[msg_type] : undefined;
    if (!handler) {
      this.#options.log(`${request.channel}: no handler for ${JSON.stringify(msg_type.slice(0, 100))}`);
      if (!msg_type.endsWith("_request")) return undefined;
      return { ...request, handler, content: {}, problem: `this kernel does not answer ${msg_type}` };
    }
    const content = checkContent(handler, request.message);
    if (typeof content === "string") return { ...request, handler, content: {}, problem: content };
    return { ...request, handler, content };
  }

  #isAtOnce({ channel, handler, content, problem }: Job): boolean {
    if (channel === "control" || !handler || problem !== undefined) return true;
    const turn = typeof handler.turn === "function" ? handler.turn(content) : handler.turn;
    return turn === "at once";
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) await this.#handle(job);
    this.#working = false;
  }

  async #handle(job: Job): Promise<void> {
    const { header } = job.message;
    const callbacks: (() => void | Promise<void>)[] = [];
    this.#publish("status", { execution_state: "busy" }, header);
    const reply = await this.#answer(job, (callback) => callbacks.push(callback));
    if (reply) this.#reply(job, reply);
    this.#publish("status", { execution_state: "idle" }, header);
    for (const callback of callbacks) await callback();
  }

  async #answer(job: Job, afterwards: RequestContext["afterwards"]): Promise<Reply | undefined> {
    const { handler, content, problem } = job;
    if (!handler) return toErrorReply("NotSupported", problem ?? "");
    if (problem !== undefined) return toErrorReply("InvalidRequest", problem);
    try {
      return await handler.answer(content, this.#contextOf(job, afterwards));
    } catch (error) {
      this.#options.log(`${job.message.header.msg_type}: ${error instanceof Error ? error.stack : error}`);
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return toErrorReply(name, message);
    }
  }

  #contextOf(
    { message: { header, metadata, buffers = [] } }: Job,
    afterwards: RequestContext["afterwards"],
  ): RequestContext {
    return {
      header,
      metadata,
      buffers,
      afterwards,
      publish: (type, content, extras) => this.#publish(type, content, header, extras),
      abortQueued: () => this.#abortQueued(),
    };
  }

  /** Cells that were asked for before the failure was known are not run. */
  #abortQueued(): void {
    const aborted = this.#queue.filter(({ message }) => message.header.msg_type === "execute_request");
    for (const job of aborted) {
      this.#queue.splice(this.#queue.indexOf(job), 1);
      const { header } = job.message;
      this.#publish("status", { execution_state: "busy" }, header);
      this.#reply(job, { status: "aborted" });
      this.#publish("status", { execution_state: "idle" }, header);
    }
  }

  #reply({ message: { header }, reply }: Job, content: Reply): void {
    const type = header.msg_type.replace(/_request$/, "_reply");
    reply(this.#message(type, { status: "ok", ...content }, header));
  }

  #publish(type: string, content: object, parent: Header | Record<string, never>, extras?: MessageExtras): void {
    this.#options.outlet.publish(this.#message(type, content, parent, extras));
  }

  #message(
    msg_type: string,
    content: unknown,
    parent_header: Header | Record<string, never>,
    { metadata = {}, buffers }: MessageExtras = {},
  ): Message {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.#id,
      username: "lectern",
      date: new Date().toISOString(),
      msg_type,
      version: PROTOCOL_VERSION,
    };
    return { header, parent_header, metadata, content, ...(buffers && { buffers }) };
  }
}

const toErrorReply = (ename: string, evalue: string): Reply => ({
  status: "error",
  ename,
  evalue,
  traceback: [`${ename}: ${evalue}`],
});
