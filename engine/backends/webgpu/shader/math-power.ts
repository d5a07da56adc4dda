// Powers and remainders in WGSL, with the special values of C's pow and of PyTorch's remainder.

import { ofExpm1, ofLog1p } from "../../elementary-coefficients.ts";
import { polynomial } from "./polynomial.ts";

export const powerFunctions = {
  /**
   * base > 0, both finite: 2^(b · log₂ base), the logarithm being e + l with an integer e. b is cut in two so that its product
   * with e is exact, which is what loses bits elsewhere.
   */
  powOfPositive: `
fn powOfPositive(base: f32, b: f32) -> f32 {
  let parts = mantissaOf(base);
  let f = parts.y;
  let l = (f * f * ${polynomial("f", ofLog1p)} + f) * ${Math.fround(Math.LOG2E)}f;
  let coarse = b * (parts.x + l);
  if (coarse > 129.0) { return infinity(); }
  if (coarse < -152.0) { return 0.0; }
  let n = round(coarse);
  let high = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let rest = ((high * parts.x - n) + (b - high) * parts.x) + b * l;
  let r = rest * ${Math.fround(Math.LN2)}f;
  return scaleBy(r * r * ${polynomial("r", ofExpm1)} + r + 1.0, i32(n));
}`,
  powOf: `
fn powOf(a: f32, b: f32) -> f32 {
  if (b == 0.0 || a == 1.0) { return 1.0; }
  if (anyNan(a, b)) { return nan(); }
  if (b == 2.0) { return a * a; }
  let size = abs(a);
  if (isInfinite(b)) {
    if (size == 1.0) { return 1.0; }
    return select(0.0, infinity(), (size > 1.0) == (b > 0.0));
  }
  let isWhole = trunc(b) == b;
  let isOdd = isWhole && abs(b) < 16777216.0 && (i32(b) & 1) == 1;
  if (a == 0.0 || isInfinite(a)) {
    let y = select(0.0, infinity(), (a == 0.0) == (b < 0.0));
    return select(y, withSignOf(y, a), isOdd);
  }
  if (a < 0.0 && !isWhole) { return nan(); }
  let y = powOfPositive(size, b);
  return select(y, -y, a < 0.0 && isOdd);
}`,
  /** Wraps around; fractions go to 0. */
  integerPowOf: `
fn integerPowOf(a: i32, b: i32) -> i32 {
  if (b < 0) {
    if (a == 1) { return 1; }
    if (a == -1) { return select(1, -1, (b & 1) == 1); }
    return 0;
  }
  var y = 1;
  var square = a;
  for (var rest = b; rest > 0; rest = rest >> 1u) {
    if ((rest & 1) == 1) { y = y * square; }
    square = square * square;
  }
  return y;
}`,
  /** With the sign of the dividend, exact: long division in binary. */
  fmodOf: `
fn fmodOf(a: f32, b: f32) -> f32 {
  let dividend = bitcast<u32>(a) & 0x7fffffffu;
  let divisor = bitcast<u32>(b) & 0x7fffffffu;
  if (dividend < divisor) { return a; }
  var e = i32(dividend >> 23u);
  var eb = i32(divisor >> 23u);
  var x = (dividend & 0x007fffffu) | 0x00800000u;
  var y = (divisor & 0x007fffffu) | 0x00800000u;
  if (e == 0) { x = dividend << 1u; }
  if (eb == 0) {
    let zeros = countLeadingZeros(divisor << 1u) - 8u;
    y = (divisor << 1u) << zeros;
    eb = -i32(zeros);
  }
  if (e == 0) {
    let zeros = countLeadingZeros(x) - 8u;
    x = x << zeros;
    e = -i32(zeros);
  }
  for (; e > eb; e--) {
    if (x >= y) { x -= y; }
    x = x << 1u;
  }
  if (x >= y) { x -= y; }
  if (x == 0u) { return withSignOf(0.0, a); }
  let zeros = countLeadingZeros(x) - 8u;
  x = x << zeros;
  e -= i32(zeros);
  var bits = x >> u32(1 - min(e, 1));
  if (e > 0) { bits = (x & 0x007fffffu) | (u32(e) << 23u); }
  return withSignOf(bitcast<f32>(bits), a);
}`,
  /** With the sign of the divisor. */
  remainderOf: `
fn remainderOf(a: f32, b: f32) -> f32 {
  if (anyNan(a, b) || isInfinite(a) || b == 0.0) { return nan(); }
  let rest = fmodOf(a, b);
  if (rest != 0.0 && (rest < 0.0) != (b < 0.0)) { return rest + b; }
  return rest;
}`,
  /** With the sign of the divisor; 0 for a division by 0. */
  integerRemainderOf: `
fn integerRemainderOf(a: i32, b: i32) -> i32 {
  if (b == 0 || b == -1) { return 0; }
  let rest = a % b;
  if (rest != 0 && (rest < 0) != (b < 0)) { return rest + b; }
  return rest;
}`,
} as const satisfies Readonly<Record<string, string>>;
