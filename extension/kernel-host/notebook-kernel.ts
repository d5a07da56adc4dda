// The kernel of one notebook over time: none, starting, or connected. Started by the first cell that needs it, forgotten
// when it dies, so that the next cell starts a new one. Knows nothing of cells and outputs; used by notebook-session.ts.

import type { KernelConnection } from "#kernel";

export class NotebookKernel implements AsyncDisposable {
  readonly #launch: () => Promise<KernelConnection>;
  readonly #onDeath: (reason: string) => void;
  #connection: Promise<KernelConnection> | undefined;

  constructor(launch: () => Promise<KernelConnection>, onDeath: (reason: string) => void) {
    this.#launch = launch;
    this.#onDeath = onDeath;
  }

  /** The running kernel; starts one when there is none. */
  connect(): Promise<KernelConnection> {
    this.#connection ??= this.#start();
    return this.#connection;
  }

  async interrupt(): Promise<void> {
    await (await this.#connection)?.interrupt();
  }

  /** Drops every variable. Without a kernel there is nothing to drop. */
  async restart(): Promise<void> {
    await (await this.#connection)?.restart();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    // A kernel that failed to start has been reported to the cell that asked for it.
    await (await connection?.catch(() => undefined))?.shutdown();
  }

  #start(): Promise<KernelConnection> {
    const starting = this.#launch();
    const forget = () => {
      if (this.#connection === starting) this.#connection = undefined;
    };
    starting.then((connection) => {
      connection.onUnexpectedExit((reason) => {
        forget();
        this.#onDeath(reason);
      });
    }, forget);
    return starting;
  }
}
