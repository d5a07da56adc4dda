// Shared memory through which the GPU's thread tells what the engine's thread must learn without returning to its event loop:
// that the device is there, how many batches have run, what went wrong. Both threads make one around the same memory.

import type { GpuInfo, GpuTrouble } from "./protocol.ts";

/** Words of the header: whether the device was opened, dispatches that have run, how long one takes in µs, bytes of
 * the trouble's text, the end. */
const [opened, dispatchesRun, pace, troubleBytes, ending] = [0, 1, 2, 3, 4];
/** Of the end: wanted, reached. */
const [wanted, reached] = [1, 2];
const [textStart, textBytes] = [64, 16_384];

export class SharedState {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory = new SharedArrayBuffer(textStart + 2 * textBytes)) {
    this.memory = memory;
    this.#words = new Int32Array(memory, 0, textStart / 4);
  }

  /** For the GPU's thread: the device is there. */
  open(info: GpuInfo): void {
    Atomics.store(this.#words, opened, this.#writeText(0, JSON.stringify(info)));
    Atomics.notify(this.#words, opened);
  }

  /** For the GPU's thread: there is no device. */
  refuse(trouble: GpuTrouble): void {
    this.report(trouble);
    Atomics.store(this.#words, opened, -1);
    Atomics.notify(this.#words, opened);
  }

  /** Waits for the device; undefined when there is none, or not within the time. */
  waitForDevice(timeoutMs: number): GpuInfo | undefined {
    Atomics.wait(this.#words, opened, 0, timeoutMs);
    const bytes = Atomics.load(this.#words, opened);
    return bytes > 0 ? (JSON.parse(this.#readText(0, bytes)) as GpuInfo) : undefined;
  }

  /** For the GPU's thread: so many dispatches have run, each in about this time. */
  countDispatches(count: number, microseconds: number): void {
    Atomics.store(this.#words, pace, Math.max(1, Math.round(microseconds)));
    Atomics.add(this.#words, dispatchesRun, count);
    Atomics.notify(this.#words, dispatchesRun);
  }

  /** How long a dispatch takes, in microseconds; 0 as long as nobody knows. */
  get microsecondsPerDispatch(): number {
    return Atomics.load(this.#words, pace);
  }

  /** Waits until `count` dispatches have run, or something went wrong. */
  waitForDispatches(count: number): void {
    for (;;) {
      const run = Atomics.load(this.#words, dispatchesRun);
      // The count wraps around, and so does what is waited for.
      if (((run - count) | 0) >= 0 || this.hasTrouble) return;
      Atomics.wait(this.#words, dispatchesRun, run, 1000);
    }
  }

  get hasTrouble(): boolean {
    return Atomics.load(this.#words, troubleBytes) > 0;
  }

  /** For the GPU's thread. The first trouble stays until it is taken: later ones follow from it. */
  report(trouble: GpuTrouble): void {
    if (this.hasTrouble) return;
    const message = trouble.message.slice(0, textBytes / 8);
    Atomics.store(this.#words, troubleBytes, this.#writeText(1, JSON.stringify({ ...trouble, message })));
    Atomics.notify(this.#words, dispatchesRun);
  }

  takeTrouble(): GpuTrouble | undefined {
    const bytes = Atomics.load(this.#words, troubleBytes);
    if (bytes === 0) return undefined;
    const trouble = JSON.parse(this.#readText(1, bytes)) as GpuTrouble;
    Atomics.store(this.#words, troubleBytes, 0);
    return trouble;
  }

  /** The process is about to end: from now on, the GPU's thread touches nothing. */
  wantEnd(): void {
    Atomics.store(this.#words, ending, wanted);
  }

  waitForEnd(timeoutMs: number): void {
    Atomics.wait(this.#words, ending, wanted, timeoutMs);
  }

  /** For the GPU's thread. */
  get isEndWanted(): boolean {
    return Atomics.load(this.#words, ending) !== 0;
  }

  /** For the GPU's thread. */
  reachEnd(): void {
    Atomics.store(this.#words, ending, reached);
    Atomics.notify(this.#words, ending);
  }

  /** Returns how many bytes it takes. */
  #writeText(place: 0 | 1, text: string): number {
    const bytes = new TextEncoder().encode(text);
    new Uint8Array(this.memory, textStart + place * textBytes, textBytes).set(bytes);
    return bytes.length;
  }

  #readText(place: 0 | 1, bytes: number): string {
    const shared = new Uint8Array(this.memory, textStart + place * textBytes, bytes);
    return new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(shared));
  }
}
