// Switching recording off for a while. The state is in core/context.ts.

import { context } from "../core/context.ts";

/**
 * Runs `fn` without recording ops for gradients, and gives back what it gives. An asynchronous `fn` counts until its
 * promise settles: other code that runs during its awaits is not recorded either.
 *
 * @example
 * const w = tensor([1, 2], { requiresGrad: true });
 * noGrad(() => w.mul(2)).requiresGrad; // false
 */
export function noGrad<T>(fn: () => T): T {
  const call = {};
  context.openNoGrads.add(call);
  let pending = false;
  const leave = () => {
    context.openNoGrads.delete(call);
  };
  try {
    const result = fn();
    if (!(result instanceof Promise)) return result;
    pending = true;
    return result.finally(leave) as T;
  } finally {
    if (!pending) leave();
  }
}

/** Whether ops are being recorded now. */
export function isGradEnabled(): boolean {
  return context.openNoGrads.size === 0;
}
