import { describe, expect, it } from "vitest";
import { cos, erf, exp, expm1, log, log1p, pow, remainder, sigmoid, sin, tan, tanh, tensor } from "../../../index.ts";

/** float32 values of both signs and all sizes, a few hundred of them between each power of ten. */
function arguments_(low: number, high: number): Float32Array {
  const values: number[] = [0, -0, 1, -1];
  for (let exponent = low; exponent < high; exponent += 0.0131) values.push(10 ** exponent, -(10 ** exponent));
  return Float32Array.from(values);
}

/** How far from right, in units of the last place of the right value. */
function ulps(got: number, right: number): number {
  const rounded = Math.fround(right);
  if (Object.is(got, rounded) || got === rounded || (Number.isNaN(got) && Number.isNaN(rounded))) return 0;
  if (!Number.isFinite(rounded) || !Number.isFinite(got)) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(rounded))), -126);
  return Math.abs(got - right) / 2 ** (exponent - 23);
}

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

const functions = [
  ["exp", exp, Math.exp, -9, 2.2, 2],
  ["expm1", expm1, Math.expm1, -9, 2.2, 2],
  ["log", log, Math.log, -37, 38, 2],
  ["log1p", log1p, Math.log1p, -9, 38, 3],
  ["tanh", tanh, Math.tanh, -9, 2, 3],
  ["sigmoid", sigmoid, (x: number) => 1 / (1 + Math.exp(-x)), -9, 1.9, 3],
  ["sin", sin, Math.sin, -9, 38, 3],
  ["cos", cos, Math.cos, -9, 38, 3],
  ["tan", tan, Math.tan, -9, 38, 4],
] as const;

describe("elementary functions of the tested backend", () => {
  it.each(functions)("%s is right to the last places", (_, compute, right, low, high, allowed) => {
    const x = arguments_(low, high);
    const y = compute(tensor(x)).dataSync();
    let worst = { ulps: 0, x: 0, y: 0 };
    for (let i = 0; i < x.length; i++) {
      // Some GPUs have no subnormal numbers.
      if (Math.abs(right(x[i]!)) < 2 ** -126 && Math.abs(y[i]!) < 2 ** -126) continue;
      const own = ulps(y[i]!, right(x[i]!));
      if (own > worst.ulps) worst = { ulps: own, x: x[i]!, y: y[i]! };
    }
    expect(worst.ulps, `at ${worst.x}: ${worst.y}`).toBeLessThan(allowed);
  });

  it.each(functions)("%s has the special values of Math", (_, compute, right) => {
    expect(Array.from(compute(tensor(specials)).dataSync())).toEqual(specials.map((x) => Math.fround(right(x))));
  });

  it("erf goes from -1 to 1", () => {
    const right = [0, 0.1124629160182849, 0.8427007929497149, 0.9953222650189527, 1, 1, -1, Number.NaN].map(
      Math.fround,
    );
    const y = erf(
      tensor([0, 0.1, 1, 2, 5, ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]]),
    ).dataSync();
    for (const [i, value] of right.entries()) expect(ulps(y[i]!, value)).toBeLessThan(2);
  });

  it("pow has C's special values, and is right for large results", () => {
    const inf = Number.POSITIVE_INFINITY;
    const cases = [
      [2, 10], [2, -1], [-2, 3], [-2, 2.5], [0, 0], [0, -1], [-0, -1], [-0, 3], [inf, -1], [-inf, 3], [1, Number.NaN],
      [Number.NaN, 0], [Number.NaN, 1], [0.5, inf], [2, inf], [2, -inf], [1e-20, 1.8], [1.1, 400], [3e38, 2], [9.5, -30.25],
    ] as const; // biome-ignore format: a table
    const [a, b] = [cases.map(([base]) => base), cases.map(([, exponent]) => exponent)];
    const y = pow(tensor(a), tensor(b)).dataSync();
    cases.forEach(([base, exponent], i) => {
      const right = base === 1 ? 1 : Math.fround(base) ** Math.fround(exponent);
      expect(ulps(y[i]!, right), `${base} to the power of ${exponent}: ${y[i]}`).toBeLessThan(40);
    });
  });

  it("remainder is exact, with the sign of the divisor", () => {
    const [a, b] = [
      Float32Array.of(5, -5, 5, -5, 1e30, 7.5, 3, -3, 1e-40, 0),
      Float32Array.of(3, 3, -3, -3, 0.7, 0, Infinity, 2, 3e-41, 5),
    ];
    const y = remainder(tensor(a), tensor(b)).dataSync();
    const right = Array.from(a, (x, i) => {
      const rest = x % b[i]!;
      return Math.fround(rest !== 0 && rest < 0 !== b[i]! < 0 ? rest + b[i]! : rest);
    });
    for (const [i, value] of right.entries()) if (Math.abs(a[i]!) > 1e-38) expect(y[i]).toBe(value);
  });
});
