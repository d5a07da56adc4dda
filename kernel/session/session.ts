// A kernel's state towards its clients: the shell queue, busy and idle, execution counts, and what each request is
// answered with. Runs no user code itself, so control requests (interrupt, restart, shutdown) are always answered.

import { randomUUID } from "node:crypto";
import type { CellOutput, Channel, ExecuteReply, ExecuteRequest, Header, Message } from "#protocol";
import { PROTOCOL_VERSION } from "#protocol";
import { isComplete } from "../compile/index.ts";
import { StreamJoiner } from "../output/stream-joiner.ts";
import type { CellRunner } from "./cell-runner.ts";
import type { KernelInfo } from "./kernel-info.ts";

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

type Content = Readonly<Record<string, unknown>>;

export interface SessionOptions {
  readonly outlet: Outlet;
  readonly runner: CellRunner;
  readonly info: KernelInfo;
  /** Over IPC a restart keeps this process; over ZeroMQ the client starts a new one. */
  readonly restartsInPlace: boolean;
  readonly onShutdown: () => void;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #id = randomUUID();
  readonly #queue: Request[] = [];
  readonly #history: { readonly count: number; readonly code: string }[] = [];
  #working = false;
  #executionCount = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#publish("status", { execution_state: "starting" }, {});
  }

  take(request: Request): void {
    if (request.channel === "control") void this.#handle(request);
    else {
      this.#queue.push(request);
      void this.#work();
    }
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let request = this.#queue.shift(); request; request = this.#queue.shift()) await this.#handle(request);
    this.#working = false;
  }

  async #handle(request: Request): Promise<void> {
    const { header } = request.message;
    this.#publish("status", { execution_state: "busy" }, header);
    const content = await this.#answer(request);
    const replyType = header.msg_type.replace(/_request$/, "_reply");
    request.reply(this.#message(replyType, content, header));
    this.#publish("status", { execution_state: "idle" }, header);
    if (header.msg_type === "shutdown_request") await this.#shutDown(content);
  }

  async #answer({ message }: Request): Promise<Content> {
    const { msg_type } = message.header;
    const content = message.content as Content;
    switch (msg_type) {
      case "kernel_info_request":
        return { status: "ok", ...this.#options.info };
      case "execute_request":
        return { ...(await this.#execute(message as Message<ExecuteRequest>)) };
      case "is_complete_request":
        return { ...isComplete(String(content.code ?? "")) };
      case "history_request":
        return { status: "ok", history: this.#history.map(({ count, code }) => [0, count, code]) };
      case "comm_info_request":
        return { status: "ok", comms: {} };
      case "interrupt_request":
        this.#options.runner.interrupt();
        return { status: "ok" };
      case "shutdown_request":
        return { status: "ok", restart: content.restart === true };
      default: {
        const evalue = `Lectern ${this.#options.info.implementation_version} does not answer ${msg_type}`;
        return { status: "error", ename: "NotSupported", evalue, traceback: [] };
      }
    }
  }

  async #execute({ header, content }: Message<ExecuteRequest>): Promise<ExecuteReply> {
    const { code, silent = false, store_history = !silent, stop_on_error = true } = content;
    if (!silent) this.#executionCount++;
    const execution_count = this.#executionCount;
    if (store_history) this.#history.push({ count: execution_count, code });
    if (!silent) this.#publish("execute_input", { code, execution_count }, header);

    const joiner = new StreamJoiner(({ type, content }) => this.#publish(type, content, header));
    const onOutput = (output: CellOutput) => {
      if (silent && output.type === "execute_result") return;
      joiner.push(output);
    };
    const result = await this.#options.runner.run(code, silent ? 0 : execution_count, onOutput);
    if (result.status === "error") onOutput({ type: "error", content: result.error });
    joiner.flush();
    await this.#options.outlet.flush();
    if (result.status === "ok") return { status: "ok", execution_count, user_expressions: {}, payload: [] };
    if (stop_on_error) this.#abortQueued();
    return { status: "error", execution_count, ...result.error };
  }

  /** Cells that were asked for before the failure was known are not run. */
  #abortQueued(): void {
    const aborted = this.#queue.filter(({ message }) => message.header.msg_type === "execute_request");
    for (const request of aborted) {
      this.#queue.splice(this.#queue.indexOf(request), 1);
      const { header } = request.message;
      this.#publish("status", { execution_state: "busy" }, header);
      request.reply(
        this.#message("execute_reply", { status: "aborted", execution_count: this.#executionCount }, header),
      );
      this.#publish("status", { execution_state: "idle" }, header);
    }
  }

  async #shutDown({ restart }: Content): Promise<void> {
    if (restart === true && this.#options.restartsInPlace) {
      this.#abortQueued();
      this.#options.runner.restart();
      this.#executionCount = 0;
      return;
    }
    await this.#options.outlet.flush();
    this.#options.onShutdown();
  }

  #publish(type: string, content: unknown, parent: Header | Record<string, never>): void {
    this.#options.outlet.publish(this.#message(type, content, parent));
  }

  #message(msg_type: string, content: unknown, parent_header: Header | Record<string, never>): Message {
    const header: Header = {
      msg_id: randomUUID(),
      session: this.#id,
      username: "lectern",
      date: new Date().toISOString(),
      msg_type,
      version: PROTOCOL_VERSION,
    };
    return { header, parent_header, metadata: {}, content };
  }
}
