// Jupyter messages over ZeroMQ: the five sockets of a kernel, for JupyterLab, nbclient and every other client. Sends on a
// socket are queued one behind the other, because zeromq.js takes one at a time; a frame that is malformed or signed
// wrongly is dropped, and said in the log.

import { Publisher, Reply, Router } from "zeromq";
import type { Message } from "#protocol";
import type { Outlet, Request } from "../session/session.ts";
import { type ConnectionInfo, endpoint } from "./connection-file.ts";
import { WireError, WireFormat } from "./wire.ts";

type Channel = Request["channel"];
type Frames = (Buffer | string)[];

export class ZeromqTransport implements Outlet {
  readonly #info: ConnectionInfo;
  readonly #wire: WireFormat;
  readonly #log: (line: string) => void;
  readonly #shell = new Router({ linger: 500 });
  readonly #control = new Router({ linger: 500 });
  readonly #stdin = new Router();
  readonly #iopub = new Publisher({ linger: 500, sendHighWaterMark: 0 });
  readonly #heartbeat = new Reply();
  /** The last send of each socket: the next one waits for it. */
  readonly #sends = new Map<Publisher | Router, Promise<void>>();

  constructor(info: ConnectionInfo, log: (line: string) => void) {
    this.#info = info;
    this.#wire = new WireFormat(info.key, info.signature_scheme);
    this.#log = log;
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

  listen(onRequest: (request: Request) => void): void {
    void this.#receive(this.#shell, "shell", onRequest);
    void this.#receive(this.#control, "control", onRequest);
    void this.#echo();
  }

  publish(message: Message): void {
    this.#send(this.#iopub, this.#wire.encode(message, [`kernel.${message.header.msg_type}`]));
  }

  async flush(): Promise<void> {
    await Promise.all(this.#sends.values());
  }

  close(): void {
    for (const socket of [this.#shell, this.#control, this.#stdin, this.#iopub, this.#heartbeat]) socket.close();
  }

  async #receive(socket: Router, channel: Channel, onRequest: (request: Request) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        const { identities, message } = this.#wire.decode(frames);
        onRequest({ channel, message, reply: (reply) => this.#send(socket, this.#wire.encode(reply, identities)) });
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        this.#log(`${channel}: dropped a message: ${error.message}`);
      }
    }
  }

  async #echo(): Promise<void> {
    for await (const frames of this.#heartbeat) await this.#heartbeat.send(frames);
  }

  #send(socket: Publisher | Router, frames: Frames): void {
    const previous = this.#sends.get(socket) ?? Promise.resolve();
    const send = previous.then(() => socket.send(frames)).catch((error) => this.#log(`send failed: ${error}`));
    this.#sends.set(socket, send);
  }
}
