// Adam and AdamW as a rule for one element; formulas and defaults are those of optim/adam.ts.

import { madd, nmadd } from "../assembler/index.ts";
import type { UpdateRule } from "./update.ts";

export interface AdamVariant {
  /** Weight decay: added to the gradient (Adam) or taken off the parameter (AdamW). */
  readonly decay: "none" | "gradient" | "parameter";
  readonly amsgrad: boolean;
  readonly maximize: boolean;
}

export type AdamState = "mean" | "square" | "largest";
export type AdamNumber = "beta1" | "rest1" | "beta2" | "rest2" | "stepSize" | "inverseRoot" | "eps" | "decay";

/**
 * Numbers: β and 1 - β of both means, stepSize = lr/(1 - β₁ᵗ), inverseRoot = 1/√(1 - β₂ᵗ), ε, and decay: weightDecay for
 * `gradient`, 1 - lr · weightDecay for `parameter`. The first step finds states of zeros.
 */
export function adamRule({ decay, amsgrad, maximize }: AdamVariant): UpdateRule<AdamState, AdamNumber> {
  return {
    key: `adam|${decay}|${amsgrad ? "amsgrad" : ""}|${maximize ? "maximize" : ""}`,
    states: amsgrad ? ["mean", "square", "largest"] : ["mean", "square"],
    numbers: [
      ...(["beta1", "rest1", "beta2", "rest2", "stepSize", "inverseRoot", "eps"] as const),
      ...(decay === "none" ? [] : (["decay"] as const)),
    ],
    step: (f, { parameter, gradient, mean, square, largest }, numbers) => {
      const slope = f.local("f32x4", maximize ? gradient.neg() : gradient);
      if (decay === "gradient") slope.set(madd(parameter, numbers.decay, slope));
      const from = decay === "parameter" ? f.local("f32x4", parameter.mul(numbers.decay)) : parameter;
      const newMean = f.local("f32x4", madd(mean, numbers.beta1, slope.mul(numbers.rest1)));
      const newSquare = f.local("f32x4", madd(square, numbers.beta2, slope.mul(slope).mul(numbers.rest2)));
      const root = f.local("f32x4", amsgrad ? largest.max(newSquare) : newSquare);
      const scale = madd(root.sqrt(), numbers.inverseRoot, numbers.eps);
      const states = { mean: newMean, square: newSquare, largest: root };
      return { parameter: nmadd(newMean.div(scale), numbers.stepSize, from), ...states };
    },
  };
}
