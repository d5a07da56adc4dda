// Jupyter messages over node's IPC channel: what the extension and `lectern run` speak to the kernel process they
// spawned. No signatures: the channel is private to parent and child. When the parent goes, so does the kernel.

import type { Channel, Message } from "#protocol";
import type { Outlet, Request } from "../session/session.ts";

/** One Jupyter message with the channel that it travels on. */
export interface IpcMessage {
  readonly channel: Channel;
  readonly message: Message;
}

/** Messages that the parent has not taken yet; with more, the engine waits. A message holds 64 KB of text or a figure. */
const MOST_UNSENT = 100;

export class IpcTransport implements Outlet {
  #lastSent: Promise<void> = Promise.resolve();
  #unsent = 0;

  listen(onRequest: (request: Request) => void, onGone: () => void): void {
    process.on("message", ({ channel, message }: IpcMessage) => {
      if (channel === "iopub") return;
      onRequest({
        channel,
        message,
        reply: (reply) => this.#send({ channel, message: reply }),
        ask: (question) => this.#send({ channel: "stdin", message: question }),
      });
    });
    process.on("disconnect", onGone);
    if (!process.connected) onGone(); // in the meantime
  }

  publish(message: Message): void {
    this.#send({ channel: "iopub", message });
  }

  flush(): Promise<void> {
    return this.#lastSent;
  }

  untilRoom(): Promise<void> | undefined {
    return this.#unsent > MOST_UNSENT ? this.#lastSent : undefined;
  }

  #send(message: IpcMessage): void {
    if (!process.connected) return;
    this.#unsent++;
    this.#lastSent = new Promise((resolve) =>
      process.send?.(message, undefined, {}, () => {
        this.#unsent--;
        resolve();
      }),
    );
  }
}
