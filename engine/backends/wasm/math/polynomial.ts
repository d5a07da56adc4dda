// Polynomials, ln 2 and bits of float32 lanes, for the functions of this folder.
//
// All coefficients of the folder are of our own fitting: weighted minimax polynomials (Lawson's iteration on a Chebyshev
// grid, in float64), whose coefficients were rounded to float32 one by one from the lowest, the rest being fitted anew.
// C. L. Lawson, Contributions to the Theory of Linear Least Maximum Approximation, 1961.

import { type FunctionBuilder, madd, type Value } from "../assembler/index.ts";

/** ln 2 with 10 bits, so that its products with small integers are exact, and the rest. */
export const [ln2High, ln2Low] = [0.693359375, Math.LN2 - 0.693359375] as const;

/**
 * c₀ + c₁x + c₂x² + … by Horner's rule in `square`, which is x²: with the steps of Horner's rule in x, and half as long a
 * chain of them, which is what a processor waits for where a function is long. Both are to be locals.
 */
export function polynomial(
  f: FunctionBuilder,
  x: Value<"f32x4">,
  square: Value<"f32x4">,
  coefficients: readonly number[],
): Value<"f32x4"> {
  const constants = coefficients.map((coefficient) => f.constant("f32x4", coefficient));
  const pairs = constants.flatMap((even, i) => {
    if (i % 2 === 1) return [];
    const odd = constants[i + 1];
    return [odd === undefined ? even : madd(x, odd, even)];
  });
  return pairs.reduceRight((sum, pair) => madd(sum, square, pair));
}

/** |x|, NaN staying what it is. */
export function magnitude(f: FunctionBuilder, x: Value<"f32x4">): Value<"f32x4"> {
  return x.as("i32x4").and(f.constant("i32x4", 0x7fffffff)).as("f32x4");
}

/** -|x|, NaN staying what it is. */
export function negative(f: FunctionBuilder, x: Value<"f32x4">): Value<"f32x4"> {
  return x
    .as("i32x4")
    .or(f.constant("i32x4", -(2 ** 31)))
    .as("f32x4");
}

/** A value that is not negative, or has that sign already, with the sign of another one. */
export function withSignOf(f: FunctionBuilder, x: Value<"f32x4">, sign: Value<"f32x4">): Value<"f32x4"> {
  return x
    .as("i32x4")
    .or(sign.as("i32x4").and(f.constant("i32x4", -(2 ** 31))))
    .as("f32x4");
}
