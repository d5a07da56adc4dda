// Polynomials and bits of float32 lanes, for the functions of this folder. Coefficients: ../../elementary-coefficients.ts.

import { type FunctionBuilder, madd, type Value } from "../assembler/index.ts";

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
