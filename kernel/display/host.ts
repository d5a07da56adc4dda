// What the process that hosts the display hands in: where output goes, the time, and the files that lie next to the bundle.
// Nothing here draws; tests hand in fakes.

import type { MimeBundle } from "#protocol";

/** Receives what is shown. With `update`, the output of the same `displayId` is replaced in place. */
export interface DisplaySink {
  display(bundle: MimeBundle, options?: { readonly displayId?: string; readonly update?: boolean }): void;
}

/** Monotonic time in milliseconds, and timers that never keep the process alive. */
export interface Clock {
  now(): number;
  /** Calls `callback` once after `delayMs`; disposing cancels it. */
  setTimeout(callback: () => void, delayMs: number): Disposable;
}

/** Reads a file of the build's `assets` folder, for example `resvg.wasm`. */
export type ReadAsset = (name: string) => Promise<Uint8Array>;

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimeout(callback, delayMs) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
