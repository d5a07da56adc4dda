// The broadcasting socket: every client hears it. A client that reads slowly slows the kernel down; one that does not read at all is cut
// off after a while, so that it stops neither the cell nor the other clients. New subscribers are welcomed (JEP 65).

import { XPublisher } from "zeromq";

type Frames = readonly (Buffer | Uint8Array | string)[];

/** Messages that may wait for one client inside ZeroMQ: half a minute and more of a live chart, some 30 MB of text. */
const HIGH_WATER_MARK = 500;
/** Messages that may wait here, before the engine is made to wait. */
const MOST_UNSENT = 100;
/** How long a client may read nothing while others wait for it. */
const STALL_MS = 10_000;
const RETRY_MS = 5;
const SUBSCRIBE = 1;
/** How often new subscribers are looked for while nothing is sent. */
const LOOK_MS = 100;

export class Iopub {
  readonly #log: (line: string) => void;
  readonly #socket = new XPublisher({
    linger: 500,
    sendHighWaterMark: HIGH_WATER_MARK,
    noDrop: true,
    verbosity: "allSubs",
  });
  #welcome: (topic: string) => Frames = () => [];
  #isLossy = false;
  #unsent = 0;
  #lastSent: Promise<void> = Promise.resolve();

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  bind(endpoint: string): Promise<void> {
    return this.#socket.bind(endpoint);
  }

  /** Every subscription is answered with what `welcome` says to its topic, before its subscriber hears anything else. */
  welcomeWith(welcome: (topic: string) => Frames): void {
    this.#welcome = welcome;
    // Nothing may be read in the background: who waits for a subscription hears of it behind the message that is sent meanwhile.
    const look = () => {
      if (this.#unsent === 0) this.#lastSent = this.#lastSent.then(() => this.#welcomeNew());
    };
    setInterval(look, LOOK_MS).unref();
  }

  send(frames: Frames): void {
    this.#unsent++;
    this.#lastSent = this.#lastSent
      .then(() => this.#welcomeNew())
      .then(() => this.#sendNow(frames))
      .finally(() => this.#unsent--);
  }

  /** Resolves when everything sent so far has been handed to ZeroMQ. */
  flush(): Promise<void> {
    return this.#lastSent;
  }

  untilRoom(): Promise<void> | undefined {
    return this.#unsent > MOST_UNSENT ? this.#lastSent : undefined;
  }

  close(): void {
    this.#socket.close();
  }

  async #welcomeNew(): Promise<void> {
    while (!this.#socket.closed && this.#socket.readable) {
      const [event] = await this.#socket.receive();
      if (event?.[0] !== SUBSCRIBE) continue;
      if (this.#isLossy) this.#socket.noDrop = true;
      this.#isLossy = false;
      await this.#sendNow(this.#welcome(event.toString("utf8", 1)));
    }
  }

  async #sendNow(frames: Frames): Promise<void> {
    const deadline = performance.now() + STALL_MS;
    for (;;) {
      try {
        await this.#socket.send([...frames]);
        return;
      } catch (error) {
        const isFull = error instanceof Error && "code" in error && error.code === "EAGAIN";
        if (!isFull) {
          this.#log(`iopub: a message was not sent: ${error}`);
          return;
        }
        if (performance.now() > deadline) this.#cutOff();
        else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    }
  }

  /** From now on ZeroMQ drops what does not fit, for the client that does not read only; a new subscriber ends that. */
  #cutOff(): void {
    this.#isLossy = true;
    this.#socket.noDrop = false;
    this.#log(
      `iopub: a client has read nothing for ${STALL_MS / 1000} s: what it does not take is dropped from now on`,
    );
  }
}
