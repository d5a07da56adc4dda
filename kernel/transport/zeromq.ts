// Jupyter messages over ZeroMQ: the five sockets of a kernel, for JupyterLab, nbclient and every other client. Sends on a
// socket are queued one behind the other, because zeromq.js takes one at a time; a frame that is malformed or signed
// wrongly is dropped, and said in the log.

import { Reply, Router } from "zeromq";
import type { Message } from "#protocol";
import type { Outlet, Request } from "../session/session.ts";
import { type ConnectionInfo, endpoint, isLoopback } from "./connection-file.ts";
import { Iopub } from "./iopub.ts";
import { WireError, WireFormat } from "./wire.ts";

type Channel = Request["channel"];
type Frames = (Buffer | Uint8Array | string)[];

/** A peer that sends a larger frame is disconnected. Images and arrays in the buffers of comm messages fit. */
const MOST_FRAME_BYTES = 256 * 2 ** 20;

export class ZeromqTransport implements Outlet {
  readonly #info: ConnectionInfo;
  readonly #wire: WireFormat;
  readonly #log: (line: string) => void;
  readonly #shell = new Router({ linger: 500, maxMessageSize: MOST_FRAME_BYTES });
  readonly #control = new Router({ linger: 500, maxMessageSize: MOST_FRAME_BYTES });
  readonly #stdin = new Router({ linger: 500, maxMessageSize: MOST_FRAME_BYTES });
  readonly #iopub: Iopub;
  readonly #heartbeat = new Reply({ maxMessageSize: MOST_FRAME_BYTES });
  /** The last send of each socket: the next one waits for it. */
  readonly #sends = new Map<Router, Promise<void>>();

  constructor(info: ConnectionInfo, log: (line: string) => void) {
    this.#info = info;
    this.#wire = new WireFormat(info.key, info.signature_scheme);
    this.#log = log;
    this.#iopub = new Iopub(log);
    if (!isLoopback(info))
      log(`listens on ${info.ip}, which other machines may reach: what they send is signed, not encrypted`);
    if (info.key === "") log("the connection file has no key: every process that reaches the ports can run code");
  }

  async bind(): Promise<void> {
    const { shell_port, control_port, stdin_port, iopub_port, hb_port } = this.#info;
    await Promise.all([
      this.#shell.bind(endpoint(this.#info, shell_port)),
      this.#control.bind(endpoint(this.#info, control_port)),
      this.#stdin.bind(endpoint(this.#info, stdin_port)),
      this.#iopub.bind(endpoint(this.#info, iopub_port)),
      this.#heartbeat.bind(endpoint(this.#info, hb_port)),
    ]);
  }

  /** `welcome` makes the message with which a subscription to a topic of iopub is welcomed. */
  listen(onRequest: (request: Request) => void, welcome: (topic: string) => Message): void {
    this.#iopub.welcomeWith((topic) => this.#wire.encode(welcome(topic), [topic]));
    void this.#receive(this.#shell, "shell", onRequest);
    void this.#receive(this.#control, "control", onRequest);
    void this.#receive(this.#stdin, "stdin", onRequest);
    void this.#echo();
  }

  publish(message: Message, topic = `kernel.${message.header.msg_type}`): void {
    this.#iopub.send(this.#wire.encode(message, [topic]));
  }

  async flush(): Promise<void> {
    await Promise.all([...this.#sends.values(), this.#iopub.flush()]);
  }

  untilRoom(): Promise<void> | undefined {
    return this.#iopub.untilRoom();
  }

  close(): void {
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub, this.#heartbeat]) socket.close();
  }

  async #receive(socket: Router, channel: Channel, onRequest: (request: Request) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        const { identities, message } = this.#wire.decode(frames);
        onRequest({
          channel,
          message,
          reply: (reply) => this.#send(socket, this.#wire.encode(reply, identities)),
          ask: (question) => this.#send(this.#stdin, this.#wire.encode(question, identities)),
        });
      } catch (error) {
        const isTheirs = error instanceof WireError;
        this.#log(`${channel}: dropped a message: ${isTheirs ? error.message : (error as Error).stack}`);
      }
    }
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) {
      await this.#heartbeat.send(frames).catch((error) => this.#log(`heartbeat: ${error}`));
    }
  }

  #send(socket: Router, frames: Frames): void {
    const previous = this.#sends.get(socket) ?? Promise.resolve();
    const send = previous.then(() => socket.send(frames)).catch((error) => this.#log(`send failed: ${error}`));
    this.#sends.set(socket, send);
  }
}
