// WGSL functions that are right for NaN and infinity, which WGSL's own need not be: compilers for GPUs may assume that there are
// none (https://www.w3.org/TR/WGSL/#floating-point-evaluation), but bits stay bits.

export const bitFunctions = {
  isNan: "fn isNan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }",
  isInfinite: "fn isInfinite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u; }",
  /** The float32 of these bits, which the compiler cannot know: constants of WGSL must be finite. */
  floatOf: "fn floatOf(bits: u32) -> f32 { var word = bits; return bitcast<f32>(word); }",
  nan: "fn nan() -> f32 { return floatOf(0x7fc00000u); }",
  infinity: "fn infinity() -> f32 { return floatOf(0x7f800000u); }",
  withSignOf: `
fn withSignOf(x: f32, sign: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u));
}`,
  anyNan: "fn anyNan(a: f32, b: f32) -> bool { return isNan(a) || isNan(b); }",
  /** The larger one; NaN if one is NaN. */
  largerOf:
    "fn largerOf(a: f32, b: f32) -> f32 { if (isNan(a)) { return a; } if (isNan(b)) { return b; } return max(a, b); }",
  smallerOf:
    "fn smallerOf(a: f32, b: f32) -> f32 { if (isNan(a)) { return a; } if (isNan(b)) { return b; } return min(a, b); }",
  /** Those of all invocations of a subgroup. */
  largestOfSubgroup: `
fn largestOfSubgroup(x: f32) -> f32 {
  let hasNan = subgroupAny(isNan(x));
  let largest = subgroupMax(x);
  if (hasNan) { return nan(); }
  return largest;
}`,
  smallestOfSubgroup: `
fn smallestOfSubgroup(x: f32) -> f32 {
  let hasNan = subgroupAny(isNan(x));
  let smallest = subgroupMin(x);
  if (hasNan) { return nan(); }
  return smallest;
}`,
  signOf: "fn signOf(x: f32) -> f32 { if (isNan(x)) { return 0.0; } return sign(x); }",
  /** Towards zero; a NaN becomes 0. */
  integerOf: `
fn integerOf(x: f32) -> i32 {
  if (isNan(x)) { return 0; }
  if (x >= 2147483648.0) { return 2147483647; }
  if (x < -2147483648.0) { return -2147483647 - 1; }
  return i32(x);
}`,
} as const satisfies Readonly<Record<string, string>>;
