// Timers of an interrupted cell stop with it. The timer functions that cells call wrap the callback: when it is due and its cell was
// interrupted, the timer is cancelled and nothing runs. (A hook of node:async_hooks would see timers, too, but while one is on, node
// ends the process when a callback is terminated.)

import type { AsyncLocalStorage } from "node:async_hooks";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import type { RunningCell } from "../running-cell.ts";

type Callback = (this: unknown, ...args: unknown[]) => unknown;
type SetTimer = (callback: Callback, ...rest: unknown[]) => unknown;

export function stopTimersWithCells(cells: AsyncLocalStorage<RunningCell>): void {
  const guard = (callback: Callback): Callback =>
    function guarded(...args) {
      if (!cells.getStore()?.abort.signal.aborted) return callback.apply(this, args);
      clearTimeout(this as NodeJS.Timeout);
    };
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const original = timers[name] as SetTimer;
    const wrapped: SetTimer = (callback, ...rest) =>
      original(typeof callback === "function" && cells.getStore() ? guard(callback) : callback, ...rest);
    // `util.promisify(setTimeout)` is a property of the function.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
    Reflect.set(timers, name, wrapped);
    Reflect.set(globalThis, name, wrapped);
  }
  syncBuiltinESMExports();
}
