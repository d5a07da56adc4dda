// Makes an interrupted cell stay stopped. An asynchronous loop that waits for a timer is not running when the interrupt
// comes, so nothing can be terminated then; it would go on later. While such cells exist, a promise hook looks at every
// continuation: one that belongs to an interrupted cell calls the supervisor thread, which terminates it there. A hook on timers
// cancels those of interrupted cells when they are due. The hooks cost time, so they are on only as long as there is somebody to catch.

import { type AsyncHook, type AsyncLocalStorage, createHook, executionAsyncResource } from "node:async_hooks";
import { promiseHooks } from "node:v8";
import type { RunningCell } from "./running-cell.ts";

/** How long after an interrupt stray continuations are looked for. */
const WATCH_MS = 60_000;

/** What node calls when a timer is due; cancelling comes too late for the turn that has begun. */
interface Timer {
  _onTimeout?: unknown;
  _onImmediate?: unknown;
}

export class AbandonedCells {
  readonly #cells: AsyncLocalStorage<RunningCell>;
  readonly #terminateMe: () => void;
  readonly #timers: AsyncHook;
  #stopHook: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(cells: AsyncLocalStorage<RunningCell>, terminateMe: () => void) {
    this.#cells = cells;
    this.#terminateMe = terminateMe;
    this.#timers = createHook({ before: () => this.#isAbandoned && cancel(executionAsyncResource()) });
  }

  /** Call when a cell was interrupted. */
  watch(): void {
    this.#stopHook ??= promiseHooks.createHook({
      before: () => {
        if (this.#isAbandoned) this.#terminateMe();
      },
    }) as () => void;
    this.#timers.enable();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#unwatch(), WATCH_MS).unref();
  }

  get #isAbandoned(): boolean {
    return this.#cells.getStore()?.abort.signal.aborted === true;
  }

  #unwatch(): void {
    this.#stopHook?.();
    this.#stopHook = undefined;
    this.#timers.disable();
  }
}

function cancel(resource: Timer): void {
  if ("_onTimeout" in resource) {
    clearTimeout(resource as NodeJS.Timeout);
    resource._onTimeout = () => {};
  } else if ("_onImmediate" in resource) resource._onImmediate = () => {};
}
