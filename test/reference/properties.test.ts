// Random shapes, chains of views, broadcasts and slices against the plainest oracle: values, and gradients through the views.
// `LECTERN_CASES` sets how many; the default makes 10,000 in all.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cat, matmul, maximum, type Range, type Tensor, tensor, where } from "#engine";
import {
  broadcasted,
  flipped,
  folded,
  fromValues,
  indicesOf,
  mapped,
  type PlainArray,
  permuted,
  reshaped,
  selected,
  sliced,
  valuesOf,
} from "./plain-array.ts";

const cases = Number(process.env.LECTERN_CASES ?? 2000);

interface Both {
  readonly x: Tensor;
  readonly plain: PlainArray;
}

/** One step of a chain of views: raw numbers, read modulo what the tensor at hand allows. */
type Step = readonly [kind: number, a: number, b: number, c: number];

const steps = fc.array(fc.tuple(fc.nat(6), fc.nat(11), fc.nat(11), fc.nat(11)), { maxLength: 5 });
const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
const seeds = fc.integer({ min: 1, max: 1000 });

/** Small whole numbers: float32 is exact on their sums and products. */
const wholes = (n: number, seed: number) => Array.from({ length: n }, (_, i) => (((i + 1) * seed * 37) % 19) - 9);

function made(shape: readonly number[], seed: number): Both {
  const values = wholes(indicesOf(shape).length, seed);
  return { x: tensor(Float64Array.from(values), { shape, requiresGrad: true }), plain: fromValues(shape, values) };
}

function look({ x, plain }: Both, [kind, a, b, c]: Step): Both {
  const rank = x.ndim;
  if (rank === 0) return kind % 2 === 0 ? { x: x.unsqueeze(0), plain: reshaped(plain, [1]) } : { x, plain };
  const dim = a % rank;
  const size = x.shape[dim]!;
  switch (kind) {
    case 0: {
      const dims = x.shape.map((_, d) => (d + b) % rank);
      return { x: x.permute(dims), plain: permuted(plain, dims) };
    }
    case 1:
      return { x: x.flip(dim), plain: flipped(plain, dim) };
    case 2: {
      const [start, step] = [b % (size + 1), 1 + (c % 3)];
      const stop = start + (c % (size - start + 1));
      const length = Math.ceil((stop - start) / step);
      const range: Range = `${start}:${stop}:${step}`;
      const whole = x.shape.map((): Range => ":");
      return { x: x.at(...whole.with(dim, range)), plain: sliced(plain, dim, start, length, step) };
    }
    case 3:
      if (size === 0) return { x, plain };
      return { x: x.select(dim, (b % size) - size), plain: selected(plain, dim, b % size) };
    case 4: {
      if (rank === 4) return { x: x.flatten(), plain: reshaped(plain, [x.numel]) };
      const shape = [b % 3, ...x.shape.map((length) => (length === 1 ? 1 + (c % 3) : length))];
      return { x: x.expand(shape), plain: broadcasted(plain, shape) };
    }
    case 5: {
      const shape = size % 2 === 0 && size > 0 ? x.shape.toSpliced(dim, 1, 2, size / 2) : [...x.shape, 1];
      return { x: x.reshape(shape), plain: reshaped(plain, shape) };
    }
    default: {
      const merged = rank < 2 ? [...x.shape] : [x.shape[0]! * x.shape[1]!, ...x.shape.slice(2)];
      return { x: x.reshape(merged), plain: reshaped(plain, merged) };
    }
  }
}

const looked = (start: Both, chain: readonly Step[]): Both => chain.reduce(look, start);

/** Shapes that broadcast: dimensions of `shape` left away in front or made 1, as the bits of `mask` say. */
const partOf = (shape: readonly number[], mask: number): number[] =>
  shape.slice(mask % (shape.length + 1)).map((size, dim) => ((mask >> (dim + 2)) % 2 === 1 ? 1 : size));

function expectSame(x: Tensor, plain: PlainArray): void {
  expect(x.shape).toEqual(plain.shape);
  expect(Array.from(x.dataSync(), (value) => value + 0)).toEqual(valuesOf(plain).map((value) => value + 0));
}

function check<T extends unknown[]>(arbitraries: { [K in keyof T]: fc.Arbitrary<T[K]> }, body: (...values: T) => void) {
  fc.assert(
    fc.property(...(arbitraries as unknown as [fc.Arbitrary<unknown>]), body as unknown as (value: unknown) => void),
    {
      numRuns: cases,
      seed: 20_261_121,
    },
  );
}

describe(`${5 * cases} random tensors are what the plainest array is`, () => {
  it("seen through chains of views, and their gradients go back to where each element came from", () => {
    check([shapes, seeds, steps], (shape, seed, chain) => {
      const start = made(shape, seed);
      const { x, plain } = looked(start, chain);
      expectSame(x, plain);
      // The same chain over positions tells which element each one is.
      const positions = indicesOf(shape).map((_, i) => i);
      const from = valuesOf(looked({ x: start.x, plain: fromValues(shape, positions) }, chain).plain);
      const weights = wholes(x.numel, seed + 1);
      const expected = positions.map(() => 0);
      from.forEach((position, i) => {
        expected[position]! += weights[i]!;
      });
      x.mul(tensor(Float64Array.from(weights), { shape: x.shape }))
        .sum()
        .backward();
      expect(Array.from(start.x.grad?.dataSync() ?? expected, (value) => value + 0)).toEqual(expected);
    });
  });

  it("added, compared and chosen between under broadcasting", () => {
    check([shapes, seeds, steps, fc.nat(63), fc.nat(63)], (shape, seed, chain, left, right) => {
      const whole = looked(made(shape, seed), chain);
      const a = { x: whole.x, plain: whole.plain };
      const b = made(partOf(whole.x.shape, left), seed + 1);
      const c = made(partOf(whole.x.shape, right), seed + 2);
      const size = whole.x.shape;
      expectSame(
        a.x.add(b.x),
        mapped(size, [a.plain, b.plain], (p, q) => p + q),
      );
      expectSame(
        c.x.mul(a.x),
        mapped(size, [c.plain, a.plain], (p, q) => p * q),
      );
      expectSame(maximum(a.x, c.x), mapped(size, [a.plain, c.plain], Math.max));
      const chosen = where(a.x.gt(b.x), a.x, c.x);
      expectSame(
        chosen,
        mapped(size, [a.plain, b.plain, c.plain], (p, q, r) => (p > q ? p : r)),
      );
    });
  });

  it("reduced along a dimension", () => {
    check([shapes, seeds, steps, fc.nat(3)], (shape, seed, chain, which) => {
      const { x, plain } = looked(made(shape, seed), chain);
      if (x.ndim === 0) return expectSame(x.sum(), plain);
      const dim = which % x.ndim;
      expectSame(
        x.sum(dim),
        folded(plain, dim, (values) => values.reduce((sum, value) => sum + value, 0)),
      );
      if (x.numel === 0) return;
      const { values, indices } = x.max(dim);
      expectSame(
        values,
        folded(plain, dim, (all) => Math.max(...all)),
      );
      expectSame(
        indices,
        folded(plain, dim, (all) => all.indexOf(Math.max(...all))),
      );
    });
  });

  it("multiplied as matrices, whatever the layout", () => {
    const sizes = fc.integer({ min: 0, max: 4 });
    check([sizes, sizes, sizes, seeds, fc.nat(15), fc.nat(2)], (m, n, k, seed, mask, batch) => {
      const shapeOf = (rows: number, columns: number, bit: number) => {
        const matrix = (mask >> bit) % 2 === 1 ? [columns, rows] : [rows, columns];
        return (mask >> (bit + 1)) % 2 === 1 ? [batch + 1, ...matrix] : matrix;
      };
      const seen = (both: Both, bit: number): Both => {
        if ((mask >> bit) % 2 === 0) return both;
        const dims = both.x.ndim === 3 ? [0, 2, 1] : [1, 0];
        return { x: both.x.permute(dims), plain: permuted(both.plain, dims) };
      };
      const lhs = seen(made(shapeOf(m, k, 0), seed), 0);
      const rhs = seen(made(shapeOf(k, n, 2), seed + 1), 2);
      const stacks = lhs.x.ndim + rhs.x.ndim > 4;
      const shape = stacks ? [batch + 1, m, n] : [m, n];
      const product: PlainArray = {
        shape,
        at: (index) => {
          const [row, column] = index.slice(-2) as [number, number];
          const front = index.slice(0, -2);
          const pick = ({ x, plain }: Both, i: number, j: number) => plain.at([...(x.ndim === 3 ? front : []), i, j]);
          return Array.from({ length: k }, (_, i) => pick(lhs, row, i) * pick(rhs, i, column)).reduce(
            (s, v) => s + v,
            0,
          );
        },
      };
      expectSame(matmul(lhs.x, rhs.x), product);
    });
  });

  it("joined, and picked from by lists", () => {
    check([shapes, seeds, steps, fc.array(fc.nat(20), { maxLength: 4 })], (shape, seed, chain, list) => {
      const { x, plain } = looked(made(shape, seed), chain);
      if (x.ndim === 0 || x.shape[0] === 0) return;
      const size = x.shape[0]!;
      const picks = list.map((position) => (position % (2 * size)) - size);
      const picked: PlainArray = {
        shape: [picks.length, ...x.shape.slice(1)],
        at: ([first, ...rest]) => plain.at([(picks[first!]! + size) % size, ...rest]),
      };
      expectSame(x.at(picks), picked);
      expectSame(cat([x, x.at(picks)]), {
        shape: [size + picks.length, ...x.shape.slice(1)],
        at: ([first, ...rest]) =>
          (first! < size ? plain : picked).at([first! < size ? first! : first! - size, ...rest]),
      });
    });
  });
});
