// The exponential function and what is made of it, on four float32 lanes. Each adds its statements to a function and
// returns the value; as epilogue of a matmul or in a loop of its own. Errors are tested: exp, expm1, log, log1p and erf are
// within 1.5 ulp, tanh and sigmoid within 2.5; special values are those of Math. Only operations that V8 joins to 256 bits
// where two neighbouring vectors meet them.
//
// e^x = 2^n · e^r, n the integer nearest to x / ln 2, r = x - n · ln 2 in two steps; e^r a polynomial.
// W. Cody, W. Waite, Software Manual for the Elementary Functions, 1980, chapter 6.

import { ln2High, ln2Low, ofExp, ofExpm1, ofExpm1Below } from "../../elementary-coefficients.ts";
import { type FunctionBuilder, madd, nmadd, select, type Value } from "../assembler/index.ts";
import { magnitude, negative, polynomial, withSignOf } from "./polynomial.ts";

type Vector = Value<"f32x4">;

/** Added to a number below 2²² it leaves the nearest integer in the lowest bits. */
const roundingShift = 1.5 * 2 ** 23;
const exponentBias = 127;

interface Reduced {
  /** n + bias in the bits below the exponent's place. */
  readonly shifted: Value<"i32x4">;
  readonly r: Vector;
}

/** x, which is read twice, as n and r; `bias` is added to n, which is that of `near`, a number about x. */
function reduce(f: FunctionBuilder, x: Vector, bias: number, near = x): Reduced {
  const shift = f.constant("f32x4", roundingShift + bias);
  const shifted = f.local("f32x4", madd(near, f.constant("f32x4", Math.LOG2E), shift));
  const n = f.local("f32x4", shifted.sub(shift));
  const r = f.local("f32x4", nmadd(n, f.constant("f32x4", ln2High), x));
  r.set(nmadd(n, f.constant("f32x4", ln2Low), r));
  return { shifted: shifted.as("i32x4"), r };
}

/** 2^n, where `n + 127` lies in the lowest bits and is from 1 to 254. */
function powerOfTwo(biased: Value<"i32x4">): Vector {
  return biased.shl(23).as("f32x4");
}

/** e^r - 1 */
function expm1OfRest(f: FunctionBuilder, r: Vector, coefficients: readonly number[]): Vector {
  const square = f.local("f32x4", r.mul(r));
  return madd(square, polynomial(f, r, square, coefficients), r);
}

/** NaN stays NaN. */
function clamp(f: FunctionBuilder, x: Vector, low: number, high: number): Vector {
  return x.pmax(f.constant("f32x4", low)).pmin(f.constant("f32x4", high));
}

/** e^x. 2^n is the product of two powers, so that results may be subnormal or infinite. */
export function exp(x: Vector, f: FunctionBuilder): Vector {
  const inRange = f.local("f32x4", clamp(f, x, -105, 89));
  const { shifted, r } = reduce(f, inRange, 2 * exponentBias);
  const half = f.local("i32x4", shifted.shrUnsigned(1));
  const scale = f.local("f32x4", powerOfTwo(half));
  return madd(expm1OfRest(f, r, ofExp), scale, scale).mul(powerOfTwo(shifted.sub(half)));
}

/** e^x - 1 */
export function expm1(x: Vector, f: FunctionBuilder): Vector {
  const argument = f.local("f32x4", x);
  const inRange = f.local("f32x4", clamp(f, argument, -18, 89));
  // Half of it, as 2^128 is no float32, and twice that, which would lose the last bit of the smallest.
  const { shifted, r } = reduce(f, inRange, exponentBias - 1);
  const scale = f.local("f32x4", powerOfTwo(shifted));
  const half = f.local("f32x4", madd(expm1OfRest(f, r, ofExpm1), scale, scale.sub(f.constant("f32x4", 0.5))));
  const tiny = magnitude(f, argument).lt(f.constant("f32x4", 2 ** -30));
  return select(tiny, argument, half.add(half));
}

/**
 * tanh |x| = (1 - e) / (1 + e), e = e^(-2|x|) = s + s · (eʳ - 1) with s = 2^n, both sums rounded once. n stays 0 up to
 * tanh x = ¼, where s - 1 and the rest would cancel.
 */
export function tanh(x: Vector, f: FunctionBuilder): Vector {
  const argument = f.local("f32x4", x);
  const twice = f.local("f32x4", negative(f, argument).pmax(f.constant("f32x4", -10)));
  twice.set(twice.add(twice));
  const { shifted, r } = reduce(f, twice, exponentBias, twice.add(f.constant("f32x4", Math.LN2 / 4)));
  const one = f.constant("f32x4", 1);
  const scale = f.local("f32x4", powerOfTwo(shifted));
  const rest = f.local("f32x4", expm1OfRest(f, r, ofExpm1Below));
  const quotient = nmadd(rest, scale, one.sub(scale)).div(madd(rest, scale, one.add(scale)));
  return withSignOf(f, quotient, argument);
}

/** 1 / (1 + e^-x), with numerator and denominator times 2^-32, so that no e^-x overflows whose result is not 0. */
export function sigmoid(x: Vector, f: FunctionBuilder): Vector {
  const small = 32;
  const minus = f.local("f32x4", f.constant("f32x4", 0).sub(clamp(f, x, -105, 30)));
  const { shifted, r } = reduce(f, minus, exponentBias - small);
  const one = f.constant("f32x4", 2 ** -small);
  const scale = f.local("f32x4", powerOfTwo(shifted));
  return one.div(madd(expm1OfRest(f, r, ofExp), scale, scale.add(one)));
}
