// Sorting, running sums and recurrences on whatever device the tests run on against the plain kernels: lines of all lengths, few and
// many, so that every way through the kernels is taken.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dispatch } from "../../../ops/dispatch.ts";
import { distance, drawn, drawnIndices, plainly, toTensor, type Values } from "../against-plain.ts";

/** Length of the lines, how many lie beside each other, and how many blocks of them there are. */
const sizes = [
  [1, 3, 2],
  [5, 1, 300],
  [33, 2, 3],
  [100, 1, 5],
  [40, 64, 65],
  [1024, 1, 1],
  [1500, 2, 1],
  [9000, 1, 1],
  [0, 2, 2],
] as const;

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1, -1, 1e-40, -1e-40];

/** Few different values, so that many are equal. */
function withSpecials(shape: readonly number[], seed: number): Values {
  const picked = drawnIndices(shape, seed, 2 * specials.length).values;
  return { shape, values: Float32Array.from(picked, (k) => specials[k] ?? k) };
}

describe("argsort", () => {
  it.each(sizes)("sorts lines of %i, %i side by side, %i blocks of them, stably", (length, inner, outer) => {
    for (const [i, descending] of [false, true].entries()) {
      const shape = [outer, length, inner];
      const given = [withSpecials(shape, i), drawn(shape, i), drawnIndices(shape, i, 7)][(length + i) % 3]!;
      const params = { dim: 1, descending };
      expect(dispatch("argsort", [toTensor(given)], params).dataSync()).toEqual(
        plainly("argsort", [given], params).output.values,
      );
    }
  });

  it("puts NaN last, or first, and does not tell 0 from -0", () => {
    const given = withSpecials([3000], 5);
    for (const descending of [false, true]) {
      const params = { dim: 0, descending };
      const wanted = plainly("argsort", [given], params).output.values;
      expect(dispatch("argsort", [toTensor(given)], params).dataSync()).toEqual(wanted);
    }
  });

  it("sorts negative integers and bools", () => {
    const integers = { shape: [4], values: Int32Array.of(3, -2147483648, 2147483647, -1) };
    const bools = { shape: [4], values: Uint8Array.of(1, 0, 1, 0) };
    const ascending = { dim: 0, descending: false };
    expect(Array.from(dispatch("argsort", [toTensor(integers)], ascending).dataSync())).toEqual([1, 3, 0, 2]);
    expect(Array.from(dispatch("argsort", [toTensor(bools)], ascending).dataSync())).toEqual([1, 3, 0, 2]);
  });
});

describe("cumsum", () => {
  it.each(sizes)("adds up lines of %i, %i side by side, %i blocks of them", (length, inner, outer) => {
    const shape = [outer, length, inner];
    for (const given of [drawn(shape, 1), drawnIndices(shape, 2, 1000)]) {
      const wanted = plainly("cumsum", [given], { dim: 1 }).output.values;
      expect(distance(dispatch("cumsum", [toTensor(given)], { dim: 1 }).dataSync(), wanted)).toBeLessThan(1e-6);
    }
  });

  it("does not drift over many equal elements", () => {
    const length = 100_000;
    const given = { shape: [length], values: new Float32Array(length).fill(0.1) };
    const last = dispatch("cumsum", [toTensor(given)], { dim: 0 }).dataSync()[length - 1]!;
    expect(last / (length * Math.fround(0.1))).toBeCloseTo(1, 5);
  });

  it("counts bools", () => {
    const given = { shape: [5], values: Uint8Array.of(1, 0, 1, 1, 0) };
    expect(Array.from(dispatch("cumsum", [toTensor(given)], { dim: 0 }).dataSync())).toEqual([1, 1, 2, 3, 3]);
  });
});

describe("recurrence", () => {
  it("equals the plain kernel's", () => {
    const anySizes = fc.tuple(fc.constantFrom(...sizes), fc.nat(99));
    fc.assert(
      fc.property(anySizes, ([[length, inner, outer], seed]) => {
        const shape = [outer, length, inner];
        const given = [drawn(shape, seed), drawn(shape, seed + 1)];
        const wanted = plainly("recurrence", given, { dim: 1 }).output.values;
        const actual = dispatch("recurrence", given.map(toTensor) as never, { dim: 1 }).dataSync();
        expect(distance(actual, wanted)).toBeLessThan(1e-6);
      }),
      { numRuns: 8 },
    );
  });

  it("stays in range where products of its factors would not", () => {
    const length = 40;
    const a = { shape: [length], values: new Float32Array(length).fill(1e30) };
    const b = { shape: [length], values: new Float32Array(length) };
    a.values[0] = Number.POSITIVE_INFINITY;
    b.values[length - 1] = 3;
    const y = dispatch("recurrence", [toTensor(a), toTensor(b)], { dim: 0 }).dataSync();
    expect(Array.from(y)).toEqual([...Array<number>(length - 1).fill(0), 3]);
  });
});
