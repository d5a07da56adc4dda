// A kernel towards its clients: takes requests in their turn, says busy and idle around each, hands it to its handler and sends the
// reply. What a request means is the business of its row in the table (requests/). Runs no user code itself, so control requests are
// always answered.

import { randomUUID } from "node:crypto";
import type { Channel, Header, Message } from "#protocol";
import { PROTOCOL_VERSION } from "#protocol";
import type { Answer } from "./engine-messages.ts";
import { Questions } from "./questions.ts";
import {
  checkContent,
  type MessageExtras,
  type QueueScope,
  type Reply,
  type RequestContext,
  type RequestHandler,
  type RequestTable,
} from "./requests/request-handler.ts";
import type { Subshells } from "./requests/subshells.ts";
import { ShellQueue } from "./shell-queue.ts";
import type { Question } from "./task-listeners.ts";

/** The session's way out; transports implement it. */
export interface Outlet {
  /** Broadcasts on iopub. */
  publish(message: Message): void;
  /** Resolves when everything published so far has been handed to the system. */
  flush(): Promise<void>;
  /** Resolves when the clients have taken what was sent; undefined while they keep up. */
  untilRoom(): Promise<void> | undefined;
}

export interface Request {
  readonly channel: Exclude<Channel, "iopub">;
  readonly message: Message;
  readonly reply: (message: Message) => void;
  /** Sends an `input_request` to the client that sent this. */
  readonly ask: (message: Message) => void;
}

export interface SessionOptions {
  readonly outlet: Outlet;
  readonly requests: RequestTable;
  readonly subshells: Subshells;
  readonly log: (line: string) => void;
}

type ParentHeader = Message["parent_header"];

/** A request with its handler and its checked content; `problem` says what is wrong with it. */
interface Job extends Request {
  readonly shell: string | null;
  readonly handler: RequestHandler | undefined;
  readonly content: object;
  readonly problem?: string;
}

const MAIN = null;

/** Requests that are being answered outside of the queues, comm messages to a busy engine above all. */
const MOST_AT_ONCE = 10_000;

export class Session {
  readonly #options: SessionOptions;
  readonly #id = randomUUID();
  readonly #shells = new Map<string | null, ShellQueue<Job>>();
  readonly #questions = new Questions();
  #atOnce = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Says to those who listen already that the kernel is starting. */
  begin(): void {
    this.#publish("status", { execution_state: "starting" }, {});
  }

  take(request: Request): void {
    if (request.channel === "stdin") {
      if (!this.#questions.take(request.message)) this.#options.log("stdin: an answer that nobody waits for");
      return;
    }
    const job = this.#toJob(request);
    if (!job) return;
    if (this.#isAtOnce(job)) void this.#handleAtOnce(job);
    else this.#shell(job.shell).push(job);
  }

  /** Broadcasts what belongs to no request. */
  announce(type: string, content: object): void {
    this.#publish(type, content, {});
  }

  /** What a new subscriber of iopub hears first (JEP 65); the transport sends it with the subscription as the topic. */
  welcome(subscription: string): Message {
    return this.#message("iopub_welcome", { subscription }, {});
  }

  /** undefined for what is neither known nor a request: nobody waits for an answer to it. */
  #toJob(request: Request): Job | undefined {
    const { msg_type, subshell_id: shell = MAIN } = request.message.header;
    const handler = Object.hasOwn(this.#options.requests, msg_type) ? this.#options.requests[msg_type] : undefined;
    const job = { ...request, shell, handler, content: {} };
    if (!handler) {
      if (isRequest(job)) return { ...job, problem: `this kernel does not answer ${msg_type}` };
      this.#options.log(`${request.channel}: no handler for ${JSON.stringify(msg_type.slice(0, 100))}`);
      return undefined;
    }
    if (shell !== MAIN && !this.#options.subshells.has(shell)) {
      return { ...job, problem: `subshell_id: there is no subshell ${JSON.stringify(shell)}` };
    }
    if (this.#shell(shell).isFull || this.#atOnce > MOST_AT_ONCE) return { ...job, problem: TOO_MANY };
    const content = checkContent(handler, request.message);
    return typeof content === "string" ? { ...job, problem: content } : { ...job, content };
  }

  #isAtOnce({ channel, handler, content, problem }: Job): boolean {
    if (channel === "control" || !handler || problem !== undefined) return true;
    const turn = typeof handler.turn === "function" ? handler.turn(content) : handler.turn;
    return turn === "at once";
  }

  #shell(id: string | null): ShellQueue<Job> {
    const known = this.#shells.get(id);
    if (known) return known;
    const shell = new ShellQueue<Job>((job) => this.#handle(job));
    this.#shells.set(id, shell);
    return shell;
  }

  /** Clients show the last status that they hear: a cell that still runs says again that it does. */
  async #handleAtOnce(job: Job): Promise<void> {
    this.#atOnce++;
    await this.#handle(job);
    this.#atOnce--;
    const running = this.#shells.get(MAIN)?.current;
    if (running) this.#publish("status", { execution_state: "busy" }, running.message.header);
  }

  /** Never rejects. */
  async #handle(job: Job): Promise<void> {
    const { header } = job.message;
    const callbacks: (() => void | Promise<void>)[] = [];
    this.#publish("status", { execution_state: "busy" }, header);
    const reply = await this.#answer(job, (callback) => callbacks.push(callback));
    if (reply && isRequest(job)) this.#reply(job, reply);
    this.#publish("status", { execution_state: "idle" }, header);
    for (const callback of callbacks) await callback();
  }

  async #answer(job: Job, afterwards: RequestContext["afterwards"]): Promise<Reply | undefined> {
    const { handler, content, problem } = job;
    if (problem !== undefined) this.#options.log(problem.slice(0, 200));
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

  #contextOf(job: Job, afterwards: RequestContext["afterwards"]): RequestContext {
    const { header, metadata, buffers = [] } = job.message;
    return {
      header,
      metadata,
      buffers,
      afterwards,
      publish: (type, content, extras) => this.#publish(type, content, header, extras),
      ask: (question) => this.#ask(job, question),
      abortQueued: (where) => this.#abortQueued(where === "shell" ? { subshell: job.shell } : where),
    };
  }

  #ask({ message, ask }: Job, question: Question): Promise<Answer> {
    const request = this.#message("input_request", question, message.header);
    const answer = this.#questions.ask(request.header.msg_id);
    ask(request);
    return answer;
  }

  /** Cells that were asked for before the failure was known are not run; in a subshell that is gone, nothing is. */
  #abortQueued(where: Exclude<QueueScope, "shell">): void {
    const ids = where === "everywhere" ? [...this.#shells.keys()] : [where.subshell];
    for (const id of ids) {
      const isGone = id !== MAIN && !this.#options.subshells.has(id);
      const aborted = this.#shells
        .get(id)
        ?.remove(({ message }) => isGone || message.header.msg_type === "execute_request");
      if (isGone) this.#shells.delete(id);
      for (const job of aborted ?? []) {
        this.#publish("status", { execution_state: "busy" }, job.message.header);
        this.#reply(job, { status: "aborted" });
        this.#publish("status", { execution_state: "idle" }, job.message.header);
      }
    }
  }

  #reply({ message: { header }, reply }: Job, content: Reply): void {
    const type = header.msg_type.replace(/_request$/, "_reply");
    reply(this.#message(type, { status: "ok", ...content }, header));
  }

  #publish(type: string, content: object, parent: ParentHeader, extras?: MessageExtras): void {
    this.#options.outlet.publish(this.#message(type, content, parent, extras));
  }

  #message(msg_type: string, content: object, parent_header: ParentHeader, extras: MessageExtras = {}): Message {
    const { metadata = {}, buffers } = extras;
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

const TOO_MANY = "too many requests wait already; send it again later";

/** Only requests have replies: nobody waits for one to a comm message. */
const isRequest = ({ message }: Request): boolean => message.header.msg_type.endsWith("_request");

const toErrorReply = (ename: string, evalue: string): Reply => ({
  status: "error",
  ename,
  evalue,
  traceback: [`${ename}: ${evalue}`],
});
