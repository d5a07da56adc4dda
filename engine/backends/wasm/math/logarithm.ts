// Logarithms of four float32 lanes; see exponential.ts for what all functions of this folder have in common.
//
// x = 2^e · m, m from √½ to √2, ln x = e · ln 2 + ln m, the last a polynomial in m - 1.
// W. Cody, W. Waite, Software Manual for the Elementary Functions, 1980, chapter 5.

import { ln2High, ln2Low, ofLog1p } from "../../elementary-coefficients.ts";
import { type FunctionBuilder, madd, select, type Value } from "../assembler/index.ts";
import { polynomial, withSignOf } from "./polynomial.ts";

type Vector = Value<"f32x4">;

/** The bits of √½, and of 1.5 · 2²³, to which small integers can be added as bits and as numbers. */
const [rootHalfBits, integerBits] = [0x3f3504f3, 0x4b400000];
const integerShift = 1.5 * 2 ** 23;
/** What subnormal numbers are multiplied by: 2²³. */
const subnormalShift = 23;

/** ln x + term, for x > 0 that is finite; `x` is read several times. */
function logOfPositive(f: FunctionBuilder, x: Vector, term: Vector): Vector {
  const subnormal = f.local("i32x4", x.lt(f.constant("f32x4", 2 ** -126)));
  const scaled = x.mul(f.constant("f32x4", 2 ** subnormalShift));
  const bits = f.local("i32x4", select(subnormal, scaled, x).as("i32x4"));
  const exponent = f.local("i32x4", bits.sub(f.constant("i32x4", rootHalfBits)).shr(23));
  const shift = select(
    subnormal,
    f.constant("f32x4", integerShift + subnormalShift),
    f.constant("f32x4", integerShift),
  );
  const e = f.local("f32x4", exponent.add(f.constant("i32x4", integerBits)).as("f32x4").sub(shift));
  const rest = f.local("f32x4", bits.sub(exponent.shl(23)).as("f32x4").sub(f.constant("f32x4", 1)));
  const square = f.local("f32x4", rest.mul(rest));
  const log = madd(square, polynomial(f, rest, square, ofLog1p), rest);
  return madd(e, f.constant("f32x4", ln2High), log.add(madd(e, f.constant("f32x4", ln2Low), term)));
}

/** `log` where x > 0 is finite; -∞ at 0, ∞ at ∞, NaN elsewhere. */
function withSpecialValues(f: FunctionBuilder, x: Vector, log: Vector): Vector {
  const zero = f.constant("f32x4", 0);
  const infinity = f.constant("f32x4", Number.POSITIVE_INFINITY);
  const none = f.constant("f32x4", Number.NaN);
  const positive = select(x.lt(infinity), log, infinity);
  return select(x.gt(zero), positive, select(x.eq(zero), f.constant("f32x4", Number.NEGATIVE_INFINITY), none));
}

/** ln x */
export function log(x: Vector, f: FunctionBuilder): Vector {
  const argument = f.local("f32x4", x);
  return withSpecialValues(f, argument, logOfPositive(f, argument, f.constant("f32x4", 0)));
}

/** ln (1 + x) = ln u + (x - (u - 1)) / u to first order, u being 1 + x as rounded. */
export function log1p(x: Vector, f: FunctionBuilder): Vector {
  const argument = f.local("f32x4", x);
  const one = f.constant("f32x4", 1);
  const u = f.local("f32x4", argument.add(one));
  const correction = f.local("f32x4", argument.sub(u.sub(one)).div(u));
  const result = f.local("f32x4", withSpecialValues(f, u, logOfPositive(f, u, correction)));
  return withSignOf(f, result, argument);
}
