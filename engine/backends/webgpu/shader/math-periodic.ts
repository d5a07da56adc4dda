// sin, cos and tan in WGSL. The argument is brought to at most π/4 first: small ones with π/2 in three parts, whose products with
// few bits are exact; large ones in integers with enough bits of 2/π, so that no argument is too large.
// M. Payne, R. Hanek, Radian Reduction for Trigonometric Functions, 1983.

import { polynomial } from "./polynomial.ts";

/** π/2 in parts of 13 bits, 13 bits and the rest. */
const [high, middle, low] = [1.570556640625, 0.00023968517780303955, 9.92093629470503e-10];

/** Taylor's series, right to 2^-28 up to π/4: (sin r / r - 1) / r² and (cos r - 1 + r²/2) / r⁴ in r². */
const ofSin = [-1 / 6, 1 / 120, -1 / 5040, 1 / 362880].map(Math.fround);
const ofCos = [1 / 24, -1 / 720, 1 / 40320, -1 / 3628800].map(Math.fround);

/** (tan r / r - 1) / r² in r², right to 2^-29 up to π/4; fitted as those of ../../elementary-coefficients.ts. */
const ofTan = [0.33333352, 0.13332583, 0.05406865, 0.02123861, 0.010945544, -0.00004618688, 0.0044418294] as const;

export const periodicFunctions = {
  /** The high and the low word of a · b. */
  wideProduct: `
fn wideProduct(a: u32, b: u32) -> vec2u {
  let ll = (a & 0xffffu) * (b & 0xffffu);
  let lh = (a & 0xffffu) * (b >> 16u);
  let hl = (a >> 16u) * (b & 0xffffu);
  let middle = (ll >> 16u) + (lh & 0xffffu) + (hl & 0xffffu);
  return vec2u((a >> 16u) * (b >> 16u) + (lh >> 16u) + (hl >> 16u) + (middle >> 16u), (middle << 16u) | (ll & 0xffffu));
}`,
  /** Of a large x > 0: what is left of quarter turns, at most half a one, as an angle; and their number, modulo 4. */
  reduceLarge: `
fn reduceLarge(x: f32) -> vec2f {
  var bitsOf2ByPi = array<u32, 8>(
    0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu, 0xdebbc561u);
  let bits = bitcast<u32>(x);
  let mantissa = (bits & 0x007fffffu) | 0x00800000u;
  // x = mantissa · 2^scale. Bits of 2/π that give multiples of 4 quarter turns are left out.
  let scale = i32(bits >> 23u) - 150;
  let skipped = u32(max(scale - 2, 0));
  let word = skipped >> 5u;
  let shift = skipped & 31u;
  var w = vec3u(bitsOf2ByPi[word], bitsOf2ByPi[word + 1u], bitsOf2ByPi[word + 2u]);
  if (shift > 0u) {
    let next = vec3u(w.y, w.z, bitsOf2ByPi[word + 3u]);
    w = (w << vec3u(shift)) | (next >> vec3u(32u - shift));
  }
  if (scale < 2) {
    let down = u32(2 - scale);
    w = vec3u(w.x >> down, (w.y >> down) | (w.x << (32u - down)), (w.z >> down) | (w.y << (32u - down)));
  }
  // 96 bits of the product: two of turns, the rest a fraction.
  let p2 = wideProduct(mantissa, w.z);
  let p1 = wideProduct(mantissa, w.y);
  let second = p1.y + p2.x;
  let first = mantissa * w.x + p1.x + select(0u, 1u, second < p1.y);
  var turns = first >> 30u;
  var fraction = vec2u((first << 2u) | (second >> 30u), (second << 2u) | (p2.y >> 30u));
  var sign = 1.0;
  if (fraction.x >= 0x80000000u) {
    turns = turns + 1u;
    sign = -1.0;
    fraction = vec2u(~fraction.x, ~fraction.y);
  }
  if (fraction.x == 0u) { fraction = vec2u(fraction.y, 0u); sign = sign * ${2 ** -32}f; }
  let zeros = min(countLeadingZeros(fraction.x), 31u);
  let top = (fraction.x << zeros) | select(fraction.y >> (32u - zeros), 0u, zeros == 0u);
  let part = f32(top) * ${2 ** -32}f * powerOfTwo(-i32(zeros));
  return vec2f(sign * part * ${Math.fround(Math.PI / 2)}f, f32(turns & 3u));
}`,
  /** x, finite → r, |r| ≤ π/4, and n from 0 to 3 with x = r + n · π/2, but for whole turns */
  reduceAngle: `
fn reduceAngle(x: f32) -> vec2f {
  let size = abs(x);
  if (size <= ${Math.fround(Math.PI / 4)}f) { return vec2f(x, 0.0); }
  if (size < 1000.0) {
    let n = round(x * ${Math.fround(2 / Math.PI)}f);
    let r = ((x - n * ${high}f) - n * ${middle}f) - n * ${low}f;
    return vec2f(r, f32(i32(n) & 3));
  }
  let large = reduceLarge(size);
  if (x < 0.0) { return vec2f(-large.x, f32((4 - i32(large.y)) & 3)); }
  return large;
}`,
  sinOfRest: `fn sinOfRest(r: f32) -> f32 { let z = r * r; return r * z * ${polynomial("z", ofSin)} + r; }`,
  cosOfRest: `fn cosOfRest(r: f32) -> f32 { let z = r * r; return (z * z * ${polynomial("z", ofCos)} - 0.5 * z) + 1.0; }`,
  sinOf: `
fn sinOf(x: f32) -> f32 {
  if (isNan(x) || isInfinite(x)) { return nan(); }
  let angle = reduceAngle(x);
  let n = i32(angle.y);
  var y = sinOfRest(angle.x);
  if ((n & 1) == 1) { y = cosOfRest(angle.x); }
  return select(y, -y, n >= 2);
}`,
  cosOf: `
fn cosOf(x: f32) -> f32 {
  if (isNan(x) || isInfinite(x)) { return nan(); }
  let angle = reduceAngle(x);
  let n = i32(angle.y);
  var y = cosOfRest(angle.x);
  if ((n & 1) == 1) { y = sinOfRest(angle.x); }
  return select(y, -y, n == 1 || n == 2);
}`,
  tanOf: `
fn tanOf(x: f32) -> f32 {
  if (isNan(x) || isInfinite(x)) { return nan(); }
  let angle = reduceAngle(x);
  let z = angle.x * angle.x;
  let y = angle.x * z * ${polynomial("z", ofTan)} + angle.x;
  if ((i32(angle.y) & 1) == 1) { return -1.0 / y; }
  return y;
}`,
} as const satisfies Readonly<Record<string, string>>;
