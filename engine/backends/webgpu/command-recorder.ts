// Gathers commands in batches and sends them to the GPU's thread: when a batch is full, before anything that must come after
// it, and when the turn of the event loop is over. Runs ahead of the GPU by a fraction of a second only, so that an endless loop
// fills no memory and an interrupted one leaves little behind.

import type { GpuThread } from "./gpu-thread.ts";
import { command } from "./protocol.ts";
import type { SharedState } from "./shared-state.ts";

/** A batch is sent once it has so many dispatches or words. */
const [fullDispatches, fullWords] = [64, 1 << 16];
/** How much work may be on its way to the GPU: so long, so many dispatches; in pieces of this share. */
const ahead = { microseconds: 250_000, dispatches: 512, pieces: 4 } as const;
/** What a dispatch takes as long as nobody knows, in microseconds: the first ones are waited for soon. */
const firstGuess = 30_000;

export class CommandRecorder {
  readonly #thread: GpuThread;
  #state: SharedState;
  #words = new Uint32Array(2 * fullWords);
  #length = 0;
  #dispatches = 0;
  #sent = 0;
  #willFlush = false;
  /** Called before a batch is sent: records what waits elsewhere. */
  beforeFlush: () => void = () => {};

  constructor(thread: GpuThread, state: SharedState) {
    this.#thread = thread;
    this.#state = state;
  }

  create(buffer: number, sizeBytes: number): void {
    this.#record([command.create, buffer, Math.ceil(sizeBytes / 4)]);
  }

  destroy(buffer: number): void {
    this.#record([command.destroy, buffer]);
  }

  dispatch(pipeline: number, groups: readonly number[], buffers: readonly number[], uniforms: Uint32Array): void {
    const head = [command.dispatch, pipeline, groups[0]!, groups[1]!, groups[2]!, buffers.length, uniforms.length];
    head.push(...buffers);
    this.#dispatches++;
    this.#record(head, uniforms);
  }

  /** Whether words fit into a batch; longer ones travel by themselves. */
  canWrite(words: number): boolean {
    return words <= 2048;
  }

  write(buffer: number, words: Uint32Array): void {
    this.#record([command.write, buffer, words.length], words);
  }

  /** Sends what has gathered. Waits if the GPU is too far behind. */
  flush(): void {
    this.beforeFlush();
    if (this.#length === 0) return;
    const words = this.#words.slice(0, this.#length);
    const dispatches = this.#dispatches;
    this.#length = 0;
    this.#dispatches = 0;
    this.#thread.post({ kind: "batch", words }, [words.buffer]);
    this.#sent += dispatches;
    this.#state.waitForDispatches((this.#sent - this.#mostAhead()) | 0);
  }

  /** Forgets what has not been sent: it was for a device that is gone. */
  restart(state: SharedState): void {
    this.#state = state;
    this.#length = 0;
    this.#dispatches = 0;
    this.#sent = 0;
  }

  /** Dispatches that may be on their way. */
  #mostAhead(): number {
    const pace = this.#state.microsecondsPerDispatch || firstGuess;
    return Math.max(1, Math.min(ahead.dispatches, Math.floor(ahead.microseconds / pace)));
  }

  /** The new length is set last: code that is terminated in between leaves no half command. */
  #record(head: readonly number[], body?: Uint32Array): void {
    const end = this.#length + head.length + (body?.length ?? 0);
    if (end > this.#words.length) {
      this.flush();
      this.#record(head, body);
      return;
    }
    this.#words.set(head, this.#length);
    if (body !== undefined) this.#words.set(body, this.#length + head.length);
    this.#length = end;
    if (this.#isFull(end)) this.flush();
    else this.flushLater();
  }

  #isFull(words: number): boolean {
    if (words >= fullWords || this.#dispatches >= fullDispatches) return true;
    return this.#dispatches > 0 && this.#dispatches >= this.#mostAhead() / ahead.pieces;
  }

  /** Sends what has gathered once this turn of the event loop is over. */
  flushLater(): void {
    if (this.#willFlush) return;
    this.#willFlush = true;
    this.#thread.afterTurn(() => {
      this.#willFlush = false;
      this.flush();
    });
  }
}
