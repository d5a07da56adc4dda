// Makes an interrupted cell stay stopped. An asynchronous loop that waits for a timer is not running when the interrupt
// comes, so nothing can be terminated then; it would go on later. While such cells exist, a promise hook looks at every
// continuation: one that belongs to an interrupted cell calls the supervisor thread, which terminates it there.
// The hook costs time on every promise, so it is on only as long as there is somebody to catch.

import type { AsyncLocalStorage } from "node:async_hooks";
import { promiseHooks } from "node:v8";
import type { RunningCell } from "../running-cell.ts";

/** How long after an interrupt stray continuations are looked for. */
const WATCH_MS = 60_000;

export class AbandonedCells {
  readonly #cells: AsyncLocalStorage<RunningCell>;
  readonly #terminateMe: () => void;
  #stopHook: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(cells: AsyncLocalStorage<RunningCell>, terminateMe: () => void) {
    this.#cells = cells;
    this.#terminateMe = terminateMe;
  }

  /** Call when a cell was interrupted while its promise was still pending. */
  watch(): void {
    this.#stopHook ??= promiseHooks.createHook({
      before: () => {
        if (this.#cells.getStore()?.abort.signal.aborted) this.#terminateMe();
      },
    }) as () => void;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#unwatch(), WATCH_MS).unref();
  }

  #unwatch(): void {
    this.#stopHook?.();
    this.#stopHook = undefined;
  }
}
