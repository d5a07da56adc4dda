// One engine process in use and one warm spare, so that a restart or a crash costs no start-up time.

import { type EngineOptions, EngineProcess } from "./engine-process.ts";

export class EnginePool implements Disposable {
  /** As {@link EngineOptions.untilRoom}; the transport sets it, which comes after the first engine process. */
  untilRoom: () => Promise<void> | undefined = () => undefined;
  readonly #options: EngineOptions;
  #current: EngineProcess;
  #spare: EngineProcess | undefined;

  constructor(options: Omit<EngineOptions, "untilRoom">) {
    this.#options = { ...options, untilRoom: () => this.untilRoom() };
    this.#current = this.#start();
    // The spare waits until the first one is up: nobody should wait for a process that is not needed yet.
    void this.#current.ready.then(() => this.#warmUp());
  }

  get current(): EngineProcess {
    return this.#current;
  }

  /** Ends the current engine process and puts the spare in its place. */
  replace(): EngineProcess {
    this.#current.kill();
    this.#current = this.#spare ?? this.#start();
    this.#spare = undefined;
    void this.#current.ready.then(() => this.#warmUp());
    return this.#current;
  }

  [Symbol.dispose](): void {
    this.#current.kill();
    this.#spare?.kill();
    this.#spare = undefined;
    this.#warmUp = () => {};
  }

  readonly #start = (): EngineProcess => new EngineProcess(this.#options);

  #warmUp = (): void => {
    if (this.#spare) return;
    const spare = this.#start();
    this.#spare = spare;
    void spare.ended.then(() => {
      if (this.#spare === spare) this.#spare = undefined;
    });
  };
}
