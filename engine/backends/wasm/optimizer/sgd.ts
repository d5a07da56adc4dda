// Stochastic gradient descent as a rule for one element; formulas and defaults are those of optim/sgd.ts.

import { madd, nmadd } from "../assembler/index.ts";
import type { UpdateRule } from "./update.ts";

export interface SgdVariant {
  readonly momentum: boolean;
  /** Only with momentum. */
  readonly nesterov: boolean;
  readonly weightDecay: boolean;
  readonly maximize: boolean;
}

export type SgdNumber = "lr" | "weightDecay" | "momentum" | "share";

/**
 * Numbers: lr, then as the variant has them weightDecay, and momentum with `share` = 1 - dampening; the first step takes
 * share 1, and finds a buffer of zeros.
 */
export function sgdRule({ momentum, nesterov, weightDecay, maximize }: SgdVariant): UpdateRule<"buffer", SgdNumber> {
  const flags = { momentum, nesterov, weightDecay, maximize };
  const names = Object.entries(flags).flatMap(([name, isOn]) => (isOn ? [name] : []));
  const decay: readonly SgdNumber[] = weightDecay ? ["weightDecay"] : [];
  return {
    key: `sgd|${names}`,
    states: momentum ? ["buffer"] : [],
    numbers: ["lr", ...decay, ...(momentum ? (["momentum", "share"] as const) : [])],
    step: (f, { parameter, gradient, buffer }, numbers) => {
      const slope = f.local("f32x4", maximize ? gradient.neg() : gradient);
      if (weightDecay) slope.set(madd(parameter, numbers.weightDecay, slope));
      if (!momentum) return { parameter: nmadd(slope, numbers.lr, parameter), buffer };
      const direction = f.local("f32x4", madd(buffer, numbers.momentum, slope.mul(numbers.share)));
      const step = nesterov ? f.local("f32x4", madd(direction, numbers.momentum, slope)) : direction;
      return { parameter: nmadd(step, numbers.lr, parameter), buffer: direction };
    },
  };
}
