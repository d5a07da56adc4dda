// The host of the unit tests: output is recorded, time stands still until told, assets come from the source tree.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { MimeBundle } from "#protocol";
import type { Clock, DisplaySink, ReadAsset } from "./host.ts";
import type { TensorLike } from "./numbers.ts";
import type { Evaluate } from "./viz/plane/decision-boundary.ts";

export const readAsset: ReadAsset = async (name) =>
  name === "resvg.wasm"
    ? readFile(createRequire(import.meta.url).resolve("@resvg/resvg-wasm/index_bg.wasm"))
    : readFile(new URL(`assets/${name}`, import.meta.url));

export interface Shown {
  readonly bundle: MimeBundle;
  readonly displayId: string | undefined;
  readonly update: boolean;
  readonly atMs: number;
}

export class RecordingSink implements DisplaySink {
  readonly shown: Shown[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock = new FakeClock()) {
    this.#clock = clock;
  }

  display(bundle: MimeBundle, options: { readonly displayId?: string; readonly update?: boolean } = {}): void {
    const { displayId, update = false } = options;
    this.shown.push({ bundle, displayId, update, atMs: this.#clock.now() });
  }

  get last(): MimeBundle {
    return this.shown.at(-1)?.bundle ?? {};
  }
}

interface Alarm {
  readonly atMs: number;
  readonly callback: () => void;
}

export class FakeClock implements Clock {
  readonly #alarms = new Set<Alarm>();
  #nowMs = 1_000;

  now(): number {
    return this.#nowMs;
  }

  setTimeout(callback: () => void, delayMs: number): Disposable {
    const alarm = { atMs: this.#nowMs + delayMs, callback };
    this.#alarms.add(alarm);
    return { [Symbol.dispose]: () => void this.#alarms.delete(alarm) };
  }

  get alarms(): number {
    return this.#alarms.size;
  }

  /** Time passes while the event loop stands still, as in a loop that never awaits. */
  blockFor(ms: number): void {
    this.#nowMs += ms;
  }

  /** Time passes and timers fire. */
  advance(ms: number): void {
    this.#nowMs += ms;
    for (const alarm of [...this.#alarms]) {
      if (alarm.atMs > this.#nowMs) continue;
      this.#alarms.delete(alarm);
      alarm.callback();
    }
  }
}

/** Asks with a tensor of the given numbers. */
export const evaluate: Evaluate<TensorLike> = (f, values, shape) =>
  f(tensor(shape, (index) => values[index] as number));

export function tensor(shape: readonly number[], valueAt: (index: number) => number): TensorLike {
  const values = Float32Array.from({ length: shape.reduce((size, length) => size * length, 1) }, (_, i) => valueAt(i));
  return { shape, dtype: "float32", data: async () => values, toString: () => `Tensor [${shape}] float32` };
}
