// Elementary functions, element by element, in function form: logarithms, trigonometry, powers, rounding, bounds. Any shape;
// integers and booleans become float32 where the result is fractional. Arithmetic and comparisons are in pointwise.ts.

import { ArgumentError } from "../../../core/errors.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { meet, type Operand, toFloat } from "../operands.ts";
import { add, div, gt, log, lt, mul, sqrt, sub, where } from "./pointwise.ts";

export interface ClampOptions {
  /** Smallest value; a tensor broadcasts. Default: no bound. */
  readonly min?: Operand;
  /** Largest value; wins where it is below `min`. Default: no bound. */
  readonly max?: Operand;
}

/**
 * ln(1 + x), exact also for tiny x. Gradient: 1/(1 + x).
 *
 * @example
 * log1p(tensor([0, 1])); // tensor([0.0000, 0.6931])
 */
export function log1p(x: Tensor): Tensor {
  return dispatch("log1p", [toFloat(x)], {});
}

/**
 * eˣ - 1, exact also for tiny x. Gradient: eˣ.
 *
 * @example
 * expm1(tensor([0, 1])); // tensor([0.0000, 1.7183])
 */
export function expm1(x: Tensor): Tensor {
  return dispatch("expm1", [toFloat(x)], {});
}

/**
 * Logarithm to base 2. Gradient: 1/(x · ln 2).
 *
 * @example
 * log2(tensor([1, 8])); // tensor([0., 3.])
 */
export function log2(x: Tensor): Tensor {
  return scoped(() => div(log(x), Math.LN2));
}

/**
 * Logarithm to base 10. Gradient: 1/(x · ln 10).
 *
 * @example
 * log10(tensor([1, 100])); // tensor([0., 2.])
 */
export function log10(x: Tensor): Tensor {
  return scoped(() => div(log(x), Math.LN10));
}

/**
 * Sine of an angle in radians. Gradient: cos x.
 *
 * @example
 * sin(tensor([0, Math.PI / 2])); // tensor([0., 1.])
 */
export function sin(x: Tensor): Tensor {
  return dispatch("sin", [toFloat(x)], {});
}

/**
 * Cosine of an angle in radians. Gradient: -sin x.
 *
 * @example
 * cos(tensor([0, Math.PI])); // tensor([ 1., -1.])
 */
export function cos(x: Tensor): Tensor {
  return dispatch("cos", [toFloat(x)], {});
}

/**
 * Tangent of an angle in radians. Gradient: 1 + tan² x.
 *
 * @example
 * tan(tensor([0, Math.PI / 4])); // tensor([0., 1.])
 */
export function tan(x: Tensor): Tensor {
  return dispatch("tan", [toFloat(x)], {});
}

/**
 * The error function 2/√π · ∫₀ˣ e^(-t²) dt. Gradient: 2/√π · e^(-x²).
 *
 * @example
 * erf(tensor([0, 1, -4])); // tensor([ 0.0000,  0.8427, -1.0000])
 */
export function erf(x: Tensor): Tensor {
  return dispatch("erf", [toFloat(x)], {});
}

/**
 * -1, 0 or 1; 0 for NaN, as in PyTorch. The dtype stays. Gradient: 0.
 *
 * @example
 * sign(tensor([-2, 0, 3])); // tensor([-1.,  0.,  1.])
 */
export function sign(x: Tensor): Tensor {
  return dispatch("sign", [x], {});
}

/**
 * The next whole number below. The dtype stays. Gradient: 0.
 *
 * @example
 * floor(tensor([1.5, -1.5])); // tensor([ 1., -2.])
 */
export function floor(x: Tensor): Tensor {
  return dispatch("floor", [x], {});
}

/**
 * The next whole number above. The dtype stays. Gradient: 0.
 *
 * @example
 * ceil(tensor([1.5, -1.2])); // tensor([ 2., -1.])
 */
export function ceil(x: Tensor): Tensor {
  return dispatch("ceil", [x], {});
}

/**
 * The nearest whole number; halves go to the even one. The dtype stays. Gradient: 0.
 *
 * @example
 * round(tensor([0.5, 1.5, 2.5, -1.7])); // tensor([ 0.,  2.,  2., -2.])
 */
export function round(x: Tensor): Tensor {
  return dispatch("round", [x], {});
}

/**
 * The whole number towards 0. The dtype stays. Gradient: 0.
 *
 * @example
 * trunc(tensor([1.7, -1.7])); // tensor([ 1., -1.])
 */
export function trunc(x: Tensor): Tensor {
  return dispatch("trunc", [x], {});
}

/**
 * lhs - rhs · ⌊lhs / rhs⌋: the rest of a division, with the sign of the divisor. Shapes broadcast, dtypes meet. Gradient: 1
 * and -⌊lhs / rhs⌋. Throws an ArgumentError where an integer is divided by 0.
 *
 * @example
 * remainder(tensor([5, -5]), 3); // tensor([2., 1.])
 */
export function remainder(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("remainder", meet(lhs, rhs), {});
}

/**
 * Elements moved into [min, max]; a NaN stays. Bounds that are tensors broadcast, dtypes meet. Gradient: 1 inside and on the
 * bounds, 0 outside. Throws an ArgumentError if neither bound is given.
 *
 * @example
 * clamp(tensor([-2, 0.5, 2]), { min: -1, max: 1 }); // tensor([-1.0000,  0.5000,  1.0000])
 */
export function clamp(x: Tensor, { min, max }: ClampOptions): Tensor {
  if (min === undefined && max === undefined) {
    throw new ArgumentError("clamp", "needs a bound", "Give { min }, { max } or both.");
  }
  if (typeof min === "object" || typeof max === "object") return clampBetween(x, min, max);
  const [least, most] = [Number(min ?? -Infinity), Number(max ?? Infinity)];
  const whole = [min, max].every((bound) => bound === undefined || Number.isInteger(Number(bound)));
  return dispatch("clamp", [whole ? x : toFloat(x)], { min: least, max: most });
}

/**
 * 1/x. Gradient: -1/x².
 *
 * @example
 * reciprocal(tensor([2, 4])); // tensor([0.5000, 0.2500])
 */
export function reciprocal(x: Tensor): Tensor {
  return div(1, x);
}

/**
 * x². The dtype stays. Gradient: 2x.
 *
 * @example
 * square(tensor([3, -4])); // tensor([ 9., 16.])
 */
export function square(x: Tensor): Tensor {
  return mul(x, x);
}

/**
 * 1/√x. Gradient: -1/(2x√x).
 *
 * @example
 * rsqrt(tensor([4, 16])); // tensor([0.5000, 0.2500])
 */
export function rsqrt(x: Tensor): Tensor {
  return scoped(() => div(1, sqrt(x)));
}

/**
 * start + weight · (end - start): start at weight 0, end at weight 1. Shapes broadcast. Gradient: 1 - weight, weight, and
 * end - start.
 *
 * @example
 * lerp(tensor([0, 10]), tensor([10, 20]), 0.25); // tensor([ 2.5000, 12.5000])
 */
export function lerp(start: Operand, end: Operand, weight: Operand): Tensor {
  return scoped(() => add(start, mul(sub(end, start), weight)));
}

function clampBetween(x: Tensor, min: Operand | undefined, max: Operand | undefined): Tensor {
  return scoped(() => {
    const raised = min === undefined ? x : where(lt(x, min), min, x);
    return max === undefined ? raised : where(gt(raised, max), max, raised);
  });
}
