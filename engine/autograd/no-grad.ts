// Switching recording off for a while. The state is in core/context.ts.

import { context } from "../core/context.ts";
import { during } from "./during.ts";

/**
 * Runs `fn` without recording ops for gradients, and gives back what it gives. An asynchronous `fn` counts until its
 * promise settles: other code that runs during its awaits is not recorded either.
 *
 * @example
 * const w = tensor([1, 2], { requiresGrad: true });
 * noGrad(() => w.mul(2)).requiresGrad; // false
 */
export function noGrad<T>(fn: () => T): T {
  return during(context.openNoGrads, fn);
}

/**
 * Whether ops are being recorded now.
 *
 * @example
 * isGradEnabled(); // true
 * noGrad(isGradEnabled); // false
 */
export function isGradEnabled(): boolean {
  return context.openNoGrads.size === 0;
}
