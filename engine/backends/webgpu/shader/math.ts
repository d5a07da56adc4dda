// Elementary functions in WGSL, right to a few units in the last place, with the special values of Math. WGSL's own promise less:
// sin is right to 2^-11, exp and pow lose bits with the size of their argument (https://www.w3.org/TR/WGSL/#accuracy). The methods
// are those of the CPU's kernels, see ../../wasm/math; those of trigonometry and of powers are in math-periodic.ts and math-power.ts.

import {
  erfBorder,
  erfEnd,
  ln2High,
  ln2Low,
  ofErf,
  ofExp,
  ofExpm1,
  ofExpm1Below,
  ofLog1p,
  ofLogErfc,
} from "../../elementary-coefficients.ts";
import { polynomial } from "./polynomial.ts";

export const elementaryFunctions = {
  /** 2^n for n from -126 to 127. */
  powerOfTwo: "fn powerOfTwo(n: i32) -> f32 { return bitcast<f32>(u32(n + 127) << 23u); }",
  /** r = x - n · ln 2 */
  withoutLn2: `fn withoutLn2(x: f32, n: f32) -> f32 { return (x - n * ${ln2High}f) - n * ${Math.fround(ln2Low)}f; }`,
  /** x · 2^n where that needs two steps, as the result may be subnormal or infinite. */
  scaleBy: `
fn scaleBy(x: f32, n: i32) -> f32 {
  let half = n >> 1u;
  return x * powerOfTwo(half) * powerOfTwo(n - half);
}`,
  expOf: `
fn expOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  if (x > 88.72284) { return infinity(); }
  let inRange = max(x, -105.0);
  let n = round(inRange * ${Math.fround(Math.LOG2E)}f);
  let r = withoutLn2(inRange, n);
  return scaleBy(r * r * ${polynomial("r", ofExp)} + r + 1.0, i32(n));
}`,
  /** e^x - 1, by half of it, as 2^128 is no float32. */
  expm1Of: `
fn expm1Of(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  if (x > 88.72284) { return infinity(); }
  if (abs(x) < ${2 ** -30}f) { return x; }
  let inRange = max(x, -18.0);
  let n = round(inRange * ${Math.fround(Math.LOG2E)}f);
  let r = withoutLn2(inRange, n);
  let scale = powerOfTwo(i32(n) - 1);
  let half = (r * r * ${polynomial("r", ofExpm1)} + r) * scale + (scale - 0.5);
  return half + half;
}`,
  /** tanh |x| = (1 - e) / (1 + e), e = e^(-2|x|); n stays 0 up to tanh x = ¼, where 1 and the rest would cancel. */
  tanhOf: `
fn tanhOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let twice = 2.0 * max(-abs(x), -10.0);
  let n = round((twice + ${Math.fround(Math.LN2 / 4)}f) * ${Math.fround(Math.LOG2E)}f);
  let r = withoutLn2(twice, n);
  let scale = powerOfTwo(i32(n));
  let rest = (r * r * ${polynomial("r", ofExpm1Below)} + r) * scale;
  return withSignOf(((1.0 - scale) - rest) / ((1.0 + scale) + rest), x);
}`,
  /** 1 / (1 + e^-x), with numerator and denominator times 2^-32, so that no e^-x overflows whose result is not 0. */
  sigmoidOf: `
fn sigmoidOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let minus = -clamp(x, -105.0, 30.0);
  let n = round(minus * ${Math.fround(Math.LOG2E)}f);
  let r = withoutLn2(minus, n);
  let scale = powerOfTwo(i32(n) - 32);
  return ${2 ** -32}f / ((r * r * ${polynomial("r", ofExp)} + r) * scale + (scale + ${2 ** -32}f));
}`,
  /** x > 0, finite → e and f with x = 2^e · (1 + f), 1 + f from √½ to √2. */
  mantissaOf: `
fn mantissaOf(x: f32) -> vec2f {
  var bits = bitcast<i32>(x);
  var shift = 0;
  if (bits < 0x00800000) {
    let zeros = i32(countLeadingZeros(u32(bits))) - 8;
    bits = bits << u32(zeros + 1);
    shift = zeros;
    bits = (bits & 0x007fffff) | 0x00800000;
  }
  let e = (bits - 0x3f3504f3) >> 23u;
  return vec2f(f32(e - shift), bitcast<f32>(bits - (e << 23u)) - 1.0);
}`,
  /** ln x + term, for x > 0 that is finite */
  logPlus: `
fn logPlus(x: f32, term: f32) -> f32 {
  let parts = mantissaOf(x);
  let f = parts.y;
  return parts.x * ${ln2High}f + ((f * f * ${polynomial("f", ofLog1p)} + f) + (parts.x * ${Math.fround(ln2Low)}f + term));
}`,
  logOf: `
fn logOf(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if ((bits & 0x7fffffffu) == 0u) { return -infinity(); }
  if (bits == 0x7f800000u) { return x; }
  if (bits > 0x7f800000u) { return nan(); }
  return logPlus(x, 0.0);
}`,
  /** Around 0 by the polynomial alone: compilers may drop what 1 + x lost to rounding, however one writes it. */
  log1pOf: `
fn log1pOf(x: f32) -> f32 {
  if (x > -0.29 && x < 0.41) { return x * x * ${polynomial("x", ofLog1p)} + x; }
  return logOf(1.0 + x);
}`,
  erfOf: `
fn erfOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let size = min(abs(x), ${erfEnd}f);
  if (size < ${erfBorder}f) {
    let square = x * x;
    return x * ${polynomial("square", ofErf)} + x;
  }
  return withSignOf(1.0 - expOf(${polynomial("size", ofLogErfc)}), x);
}`,
} as const satisfies Readonly<Record<string, string>>;
