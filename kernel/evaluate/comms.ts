// Comms as cells use them: `comms.register(target, …)` answers a widget of the front end, `comms.open(target, …)` speaks to one.
// Messages are handled whenever the engine's event loop is free: between cells, and while one awaits. What a listener prints belongs to
// the message that it answers.

import { randomUUID } from "node:crypto";
import type { CommMessage } from "#protocol";

export interface CommExtras {
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Binary data that travels beside `data`, as it is. */
  readonly buffers?: readonly Uint8Array[];
}

export interface CommData {
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

export type CommListener = (message: CommData) => void;

export interface CommsApi {
  /** Calls `onOpen` for every comm that a front end opens with this target name, until it is disposed. */
  register(target: string, onOpen: (comm: Comm, opening: CommData) => void): Disposable;
  /** Opens a comm to what the front end has registered as `target`. `data` is JSON. */
  open(target: string, data?: unknown, extras?: CommExtras): Comm;
}

/** Sends to the front end. */
export type SendComm = (message: CommMessage, buffers: readonly Uint8Array[]) => void;

/** One channel between a cell and the front end. */
export class Comm {
  readonly id: string;
  readonly target: string;
  readonly #send: SendComm;
  readonly #onMessage = new Set<CommListener>();
  readonly #onClose = new Set<CommListener>();
  #isClosed = false;
  readonly #forget: () => void;

  /** Made by `comms.open` and for `comms.register`. */
  constructor(id: string, target: string, send: SendComm, forget: () => void) {
    this.id = id;
    this.target = target;
    this.#send = send;
    this.#forget = forget;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** `data` is JSON. Throws when the comm is closed. */
  send(data: unknown, { metadata = {}, buffers = [] }: CommExtras = {}): void {
    if (this.#isClosed)
      throw new Error(`comm "${this.target}": is closed; open a new one with comms.open("${this.target}")`);
    this.#send({ type: "comm_msg", commId: this.id, data, metadata }, buffers);
  }

  onMessage(listener: CommListener): Disposable {
    this.#onMessage.add(listener);
    return { [Symbol.dispose]: () => this.#onMessage.delete(listener) };
  }

  /** Called once, when the front end closes the comm. */
  onClose(listener: CommListener): Disposable {
    this.#onClose.add(listener);
    return { [Symbol.dispose]: () => this.#onClose.delete(listener) };
  }

  close(data: unknown = {}, { metadata = {}, buffers = [] }: CommExtras = {}): void {
    if (this.#isClosed) return;
    this.#end();
    this.#send({ type: "comm_close", commId: this.id, data, metadata }, buffers);
  }

  /** The host calls it with what the front end sent. */
  take(type: CommMessage["type"], message: CommData): void {
    if (type === "comm_close") this.#end();
    for (const listener of type === "comm_close" ? this.#onClose : this.#onMessage) listener(message);
  }

  #end(): void {
    this.#isClosed = true;
    this.#forget();
  }
}

export class Comms implements CommsApi {
  readonly #send: SendComm;
  readonly #onTarget: (name: string, isKnown: boolean) => void;
  readonly #targets = new Map<string, (comm: Comm, opening: CommData) => void>();
  readonly #comms = new Map<string, Comm>();

  constructor(send: SendComm, onTarget: (name: string, isKnown: boolean) => void) {
    this.#send = send;
    this.#onTarget = onTarget;
  }

  register(target: string, onOpen: (comm: Comm, opening: CommData) => void): Disposable {
    this.#targets.set(target, onOpen);
    this.#onTarget(target, true);
    return {
      [Symbol.dispose]: () => {
        if (this.#targets.get(target) !== onOpen) return;
        this.#targets.delete(target);
        this.#onTarget(target, false);
      },
    };
  }

  open(target: string, data: unknown = {}, { metadata = {}, buffers = [] }: CommExtras = {}): Comm {
    const comm = this.#add(randomUUID(), target);
    this.#send({ type: "comm_open", commId: comm.id, target, data, metadata }, buffers);
    return comm;
  }

  /** Hands a message of the front end to its listeners; throws what they throw. */
  take({ type, commId, target = "", data, metadata }: CommMessage, buffers: readonly Uint8Array[]): void {
    const message = { data, metadata, buffers };
    if (type !== "comm_open") {
      this.#comms.get(commId)?.take(type, message);
      return;
    }
    const onOpen = this.#targets.get(target);
    if (onOpen) onOpen(this.#add(commId, target), message);
    else this.#send({ type: "comm_close", commId, data: {}, metadata: {} }, []);
  }

  #add(id: string, target: string): Comm {
    const comm = new Comm(id, target, this.#send, () => this.#comms.delete(id));
    this.#comms.set(id, comm);
    return comm;
  }
}
