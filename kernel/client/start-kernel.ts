// Spawns a kernel process and speaks to it over IPC: the working half of kernel-client.ts. Requests are matched to their
// replies and to the idle status that ends them.

import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type {
  CellOutput,
  ErrorContent,
  ExecuteReply,
  ExecuteRequest,
  Header,
  LanguageMethod,
  LanguageMethods,
  LanguageReply,
  LanguageRequest,
  Message,
} from "#protocol";
import { PROTOCOL_VERSION } from "#protocol";
import { forgetOldest } from "../bounds/forget-oldest.ts";
import type { IpcMessage } from "../transport/ipc.ts";
import type { ExecuteOptions, InputQuestion, KernelConnection, KernelProcessOptions } from "./kernel-client.ts";
import { KernelError } from "./kernel-error.ts";
import { KERNEL_FLAGS } from "./kernel-flags.ts";

interface Pending {
  readonly onIopub: (message: Message) => void;
  readonly onInput: ExecuteOptions["onInput"];
  readonly resolve: (reply: Message) => void;
  readonly reject: (error: KernelError) => void;
  reply?: Message;
  idle: boolean;
}

/** Cells whose late output is still passed on: the latest ones. */
const LATE_CELLS = 1000;

/** Resolves when the kernel has answered `kernel_info_request`; rejects with {@link KernelError} when it cannot start. */
export async function startKernel(options: KernelProcessOptions): Promise<KernelConnection> {
  const kernel = new IpcKernel(options);
  await kernel.introduce();
  return kernel;
}

interface RequestOptions {
  readonly metadata?: Message["metadata"];
  readonly onIopub?: (message: Message) => void;
  readonly onInput?: ExecuteOptions["onInput"];
}

const OUTPUT_TYPES: ReadonlySet<string> = new Set<CellOutput["type"]>([
  "stream",
  "display_data",
  "update_display_data",
  "execute_result",
  "error",
  "clear_output",
]);

class IpcKernel implements KernelConnection {
  banner = "";
  readonly #child: ChildProcess;
  readonly #session = randomUUID();
  readonly #pending = new Map<string, Pending>();
  readonly #over = new Map<string, Pending["onIopub"]>();
  readonly #debugListeners = new Set<(event: DebugProtocol.Event) => void>();
  readonly #exitListeners = new Set<(reason: string) => void>();
  readonly #exited: Promise<string>;
  #ending = false;
  #debugRequests = 0;

  constructor({ nodePath, kernelPath, cwd, env = process.env, log = () => {} }: KernelProcessOptions) {
    this.#child = fork(kernelPath, [], {
      execPath: nodePath,
      execArgv: [...KERNEL_FLAGS],
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "advanced", // messages carry bytes
    });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.trimEnd().split("\n")) log(line);
      });
    }
    this.#child.on("message", (message) => this.#take(message as IpcMessage));
    this.#exited = new Promise((resolve) => {
      this.#child.once("error", (error) => resolve(`could not be started: ${error.message}`));
      this.#child.once("exit", (code, signal) => resolve(`ended (${signal ?? `exit code ${code}`})`));
    });
    void this.#exited.then((reason) => this.#gone(`the kernel process ${reason}`));
  }

  async introduce(): Promise<void> {
    const { content } = await this.#request("control", "kernel_info_request", {});
    this.banner = String((content as { banner?: unknown }).banner);
  }

  async execute({ code, cellId, silent = false, onStart, onOutput, onInput }: ExecuteOptions): Promise<ExecuteReply> {
    const request: ExecuteRequest = {
      code,
      silent,
      store_history: !silent,
      user_expressions: {},
      allow_stdin: onInput !== undefined,
      stop_on_error: true,
    };
    const metadata = cellId === undefined ? {} : { cellId };
    const onIopub = ({ header, content }: Message) => {
      if (header.msg_type === "execute_input") onStart?.((content as { execution_count: number }).execution_count);
      else if (OUTPUT_TYPES.has(header.msg_type)) onOutput({ type: header.msg_type, content } as CellOutput);
    };
    const reply = await this.#request("shell", "execute_request", request, { metadata, onIopub, onInput });
    const answer = reply.content as ExecuteReply;
    // Neither VS Code nor a terminal has a pager: what is for it stands below the cell.
    const pages = answer.status === "ok" ? answer.payload : [];
    for (const { data } of pages) onOutput({ type: "display_data", content: { data, metadata: {}, transient: {} } });
    return answer;
  }

  async language<M extends LanguageMethod>(
    method: M,
    params: LanguageMethods[M]["params"],
  ): Promise<LanguageMethods[M]["result"] | null> {
    const request: LanguageRequest<M> = { method, params };
    const { content } = await this.#request("control", "lectern_language_request", request);
    const reply = content as LanguageReply<M> | ({ readonly status: "error" } & ErrorContent);
    if (reply.status === "error") throw new KernelError(reply.evalue);
    return reply.result;
  }

  async interrupt(): Promise<void> {
    await this.#request("control", "interrupt_request", {});
  }

  async restart(): Promise<void> {
    await this.#request("control", "shutdown_request", { restart: true });
  }

  async debug(command: string, args: object = {}): Promise<DebugProtocol.Response> {
    const content = { type: "request", seq: ++this.#debugRequests, command, arguments: args };
    return (await this.#request("control", "debug_request", content)).content as DebugProtocol.Response;
  }

  onDebugEvent(listener: (event: DebugProtocol.Event) => void): Disposable {
    this.#debugListeners.add(listener);
    return { [Symbol.dispose]: () => this.#debugListeners.delete(listener) };
  }

  async shutdown(): Promise<void> {
    this.#ending = true;
    if (this.#child.connected) this.#child.disconnect(); // the kernel ends with its parent's channel
    const tooLate = setTimeout(() => this.#child.kill("SIGKILL"), 3000);
    await this.#exited;
    clearTimeout(tooLate);
  }

  onUnexpectedExit(listener: (reason: string) => void): Disposable {
    this.#exitListeners.add(listener);
    return { [Symbol.dispose]: () => this.#exitListeners.delete(listener) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  #request(
    channel: "shell" | "control",
    msg_type: string,
    content: unknown,
    { metadata = {}, onIopub = () => {}, onInput }: RequestOptions = {},
  ): Promise<Message> {
    const header = this.#header(msg_type);
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) {
        reject(new KernelError("the kernel process is not running"));
        return;
      }
      this.#pending.set(header.msg_id, { onIopub, onInput, resolve, reject, idle: false });
      this.#send(channel, { header, parent_header: {}, metadata, content });
    });
  }

  #header(msg_type: string): Header {
    const date = new Date().toISOString();
    const version = PROTOCOL_VERSION;
    return { msg_id: randomUUID(), session: this.#session, username: "user", date, msg_type, version };
  }

  #send(channel: IpcMessage["channel"], message: Message): void {
    if (this.#child.connected) this.#child.send({ channel, message } satisfies IpcMessage);
  }

  #take({ channel, message }: IpcMessage): void {
    if (message.header.msg_type === "debug_event") {
      for (const listener of this.#debugListeners) listener(message.content as DebugProtocol.Event);
      return;
    }
    const id = "msg_id" in message.parent_header ? message.parent_header.msg_id : "";
    const pending = this.#pending.get(id);
    if (!pending) {
      if (channel === "iopub") this.#over.get(id)?.(message);
      return;
    }
    if (channel === "stdin") void this.#answer(message, pending);
    else if (channel !== "iopub") pending.reply = message;
    else if ((message.content as { execution_state?: string }).execution_state === "idle") pending.idle = true;
    else pending.onIopub(message);
    // A request is over when the reply and the idle status have both arrived.
    if (!pending.reply || !pending.idle) return;
    this.#pending.delete(id);
    this.#over.set(id, pending.onIopub);
    forgetOldest(this.#over, LATE_CELLS);
    pending.resolve(pending.reply);
  }

  async #answer({ header, content }: Message, { onInput }: Pending): Promise<void> {
    const value = (await onInput?.(content as InputQuestion)) ?? null;
    this.#send("stdin", {
      header: this.#header("input_reply"),
      parent_header: header,
      metadata: {},
      content: { value },
    });
  }

  #gone(reason: string): void {
    for (const { reject } of this.#pending.values()) reject(new KernelError(reason));
    this.#pending.clear();
    if (this.#ending) return;
    for (const listener of this.#exitListeners) listener(reason);
  }
}
