// A Jupyter client over real ZeroMQ sockets, for one kernel process that it spawns: ours, or a peer's. It keeps everything that it
// hears, so that tests can ask what came and in which order; frames are made here by hand, so that tests can send wrong ones, too.

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Subscriber } from "zeromq";
import type { Message } from "#protocol";
import { kernelspec } from "../kernel/command-line/kernelspec.ts";
import type { ConnectionInfo } from "../kernel/transport/connection-file.ts";
import { WireFormat } from "../kernel/transport/wire.ts";
import { freePort } from "./local-server.ts";
import { kernelPath, nodePath } from "./wire/real-kernel.ts";

export interface SendOptions {
  readonly buffers?: readonly Uint8Array[];
  readonly metadata?: Message["metadata"];
  readonly subshell?: string;
  readonly parent?: Message["header"];
}

/** A message as tests look at it. */
export interface Heard {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: contents of all types, looked at by tests
  readonly content: any;
  readonly message: Message;
  readonly parent: string | undefined;
}

const TIMEOUT_MS = 20_000;

/** How Jupyter starts our kernel. */
export function ownArgv(connectionFile: string): readonly [string, ...string[]] {
  const [command = "", ...args] = kernelspec(nodePath, kernelPath).argv;
  return [command, ...args.map((arg) => (arg === "{connection_file}" ? connectionFile : arg))];
}

export class JupyterClient implements Disposable {
  readonly info: ConnectionInfo;
  /** In which cells run. */
  readonly folder: string;
  readonly wire: WireFormat;
  readonly kernel: ChildProcess;
  readonly shell: Dealer;
  readonly control: Dealer;
  readonly stdin: Dealer;
  readonly iopub: Subscriber;
  /** What came on iopub, in order. */
  readonly seen: Heard[] = [];
  readonly replies: Heard[] = [];
  readonly questions: Heard[] = [];
  /** What the kernel process logged. */
  log = "";
  /** Called whenever something came. */
  readonly #waiting = new Set<() => void>();

  private constructor(info: ConnectionInfo, folder: string, kernel: ChildProcess) {
    this.folder = folder;
    this.info = info;
    this.wire = new WireFormat(info.key, info.signature_scheme);
    this.kernel = kernel;
    // The kernel asks on stdin whoever sent the cell on shell: both sockets have the same name.
    const routingId = randomUUID();
    this.shell = this.#connect(new Dealer({ routingId }), info.shell_port);
    this.control = this.#connect(new Dealer({ routingId }), info.control_port);
    this.stdin = this.#connect(new Dealer({ routingId }), info.stdin_port);
    this.iopub = this.#connect(new Subscriber(), info.iopub_port);
    this.iopub.subscribe();
    kernel.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.log += text;
    });
  }

  /** Our kernel. */
  static start(env: NodeJS.ProcessEnv = {}): Promise<JupyterClient> {
    return JupyterClient.startKernel(ownArgv, env);
  }

  /** Any kernel, by the command line that its kernelspec would have. */
  static async startKernel(
    argv: (connectionFile: string) => readonly [string, ...string[]],
    env: NodeJS.ProcessEnv = {},
  ): Promise<JupyterClient> {
    const [shell_port, iopub_port, stdin_port, control_port, hb_port] = (await Promise.all(
      Array.from({ length: 5 }, freePort),
    )) as [number, number, number, number, number];
    const ports = { shell_port, iopub_port, stdin_port, control_port, hb_port };
    const key = randomUUID();
    const info = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256", ...ports } as const;
    const folder = await mkdtemp(join(tmpdir(), "lectern-zmq-"));
    const file = join(folder, "connection.json");
    await writeFile(file, JSON.stringify(info));
    const [command, ...args] = argv(file);
    const kernel = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const client = new JupyterClient(info, folder, kernel);
    void client.#collect(client.shell, client.replies);
    void client.#collect(client.control, client.replies);
    void client.#collect(client.stdin, client.questions);
    void client.#collect(client.iopub, client.seen);
    // A subscriber may join late, and a kernel start slowly: ask until the end of the answer is heard.
    const deadline = Date.now() + TIMEOUT_MS;
    for (let waitMs = 50; ; waitMs = Math.min(2 * waitMs, 2000)) {
      const id = await client.send("shell", "kernel_info_request", {});
      const isHeard = await client.end(id, waitMs).then(
        () => true,
        () => false,
      );
      if (isHeard) break;
      if (Date.now() < deadline) continue;
      client[Symbol.dispose]();
      throw new Error(`the kernel did not answer\n${client.log}`);
    }
    return client;
  }

  /** Returns the message's id. */
  async send(channel: "shell" | "control" | "stdin", type: string, content: object, options: SendOptions = {}) {
    const message = this.newMessage(type, content, options);
    await this[channel].send([...this.wire.encode(message, [])]);
    return message.header.msg_id;
  }

  newMessage(
    msg_type: string,
    content: object,
    { buffers, metadata = {}, subshell, parent }: SendOptions = {},
  ): Message {
    const date = new Date().toISOString();
    const header = { msg_id: randomUUID(), session: "test", username: "test", date, msg_type, version: "5.5" };
    return {
      header: subshell === undefined ? header : { ...header, subshell_id: subshell },
      parent_header: parent ?? {},
      metadata,
      content,
      ...(buffers && { buffers }),
    };
  }

  /** Runs a cell to its end, and returns its reply. */
  async run(code: string, options: object = {}, { subshell }: Pick<SendOptions, "subshell"> = {}) {
    const id = await this.execute(code, options, subshell === undefined ? {} : { subshell });
    return { id, ...(await this.end(id)) };
  }

  execute(code: string, options: object = {}, sending: SendOptions = {}): Promise<string> {
    return this.send("shell", "execute_request", { code, silent: false, ...options }, sending);
  }

  /** Sends a request to its end. */
  async request(channel: "shell" | "control", type: string, content: object, options: SendOptions = {}) {
    const id = await this.send(channel, type, content, options);
    return { id, ...(await this.end(id)) };
  }

  /** Resolves when reply and idle of a request have come. */
  async end(id: string, timeoutMs = TIMEOUT_MS) {
    await this.status(id, "idle", timeoutMs);
    await this.until(() => this.reply(id) !== undefined, timeoutMs);
    return { reply: this.reply(id)!, outputs: this.of(id).filter(({ type }) => type !== "status") };
  }

  reply = (id: string) => this.replies.find(({ parent }) => parent === id);

  /** What came on iopub for a request. */
  of = (id: string) => this.seen.filter(({ parent }) => parent === id);

  /** What a cell printed on a stream. */
  printed = (id: string, name = "stdout") =>
    this.of(id)
      .map(({ type, content }) => (type === "stream" && content.name === name ? content.text : ""))
      .join("");

  /** `text/plain` of a cell's result. */
  result = (id: string) => this.of(id).find(({ type }) => type === "execute_result")?.content.data["text/plain"];

  async status(id: string, state: "busy" | "idle", timeoutMs = TIMEOUT_MS): Promise<void> {
    const isSo = ({ type, content }: Heard) => type === "status" && content.execution_state === state;
    await this.until(() => this.of(id).some(isSo), timeoutMs);
  }

  /** Resolves when the condition holds, looked at whenever something comes; fails after 20 s. */
  until(condition: () => boolean, timeoutMs = TIMEOUT_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (condition()) end(resolve);
      };
      const tooLate = () => end(() => reject(new Error(`${condition}: not within ${timeoutMs / 1000} s\n${this.log}`)));
      const end = (settle: () => void) => {
        clearTimeout(timer);
        clearInterval(looking);
        this.#waiting.delete(look);
        settle();
      };
      const timer = setTimeout(tooLate, timeoutMs);
      // For conditions that look at more than messages.
      const looking = setInterval(look, 50);
      this.#waiting.add(look);
      look();
    });
  }

  [Symbol.dispose](): void {
    this.kernel.kill("SIGKILL");
    for (const socket of [this.shell, this.control, this.stdin, this.iopub]) socket.close();
  }

  #connect<Socket extends Dealer | Subscriber>(socket: Socket, port: number): Socket {
    socket.linger = 0;
    socket.connect(`tcp://127.0.0.1:${port}`);
    return socket;
  }

  async #collect(socket: Dealer | Subscriber, into: Heard[]): Promise<void> {
    for await (const frames of receive(socket)) {
      const { message } = this.wire.decode(frames);
      const { header, parent_header, content } = message;
      const parent = "msg_id" in parent_header ? parent_header.msg_id : undefined;
      into.push({ type: header.msg_type, content, message, parent });
      for (const look of [...this.#waiting]) look();
    }
  }
}

/** Frames until the socket is closed, which zeromq.js may tell by an error. */
async function* receive(socket: Dealer | Subscriber): AsyncGenerator<Buffer[]> {
  try {
    yield* socket;
  } catch (error) {
    if (!socket.closed) throw error;
  }
}
