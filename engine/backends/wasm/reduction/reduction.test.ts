import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateArray, type TypedArray } from "../../../core/dtype.ts";
import { contiguousLayout } from "../../../core/layout.ts";
import { around, reducedShape, type Shape, sizeOf, stridesOf } from "../../../core/shape.ts";
import { createPlainBackend } from "../../cpu/plain-backend.ts";
import { Arena } from "../arena.ts";
import { planExtremeIndex } from "./extreme-index.ts";
import { planReduction, type ReductionRequest } from "./plan.ts";

const arena = new Arena(2 ** 26);
const plain = createPlainBackend();

/** Numbers of either sign, of magnitudes that do not cancel. */
const numbers = (size: number, seed: number) =>
  new Float32Array(size).map((_, i) => ((Math.imul(i + seed, 2654435761) >>> 9) % 1000) / 100 - 3);

function reduced(op: ReductionRequest["op"], x: Float32Array, shape: Shape, dims: readonly number[], grain = Infinity) {
  arena.clear();
  const from = { address: arena.place(x).byteOffset, strides: stridesOf(shape) };
  const output = arena.empty("float32", sizeOf(reducedShape(shape, dims, false)));
  const scratch: TypedArray[] = [];
  const stages = planReduction({
    ...{ op, shape, dims, from, to: output.byteOffset, grain },
    scratch: (bytes) => scratch[scratch.push(arena.empty("float32", bytes / 4)) - 1]!.byteOffset,
  });
  if (stages === undefined) return undefined;
  expect(arena.strayWrites([output, ...scratch], () => arena.run(...stages))).toEqual([]);
  return output.slice() as Float32Array;
}

function expected(op: ReductionRequest["op"], x: Float32Array, shape: Shape, dims: readonly number[]): Float32Array {
  const kept = reducedShape(shape, dims, false);
  const buffer = new Float32Array(sizeOf(kept));
  const input = { buffer: x, dtype: "float32", ...contiguousLayout(shape) } as const;
  plain.run(op, [input], { buffer, dtype: "float32", ...contiguousLayout(kept) }, { dims, keepdim: false });
  return buffer;
}

const anyReduction = fc
  .array(fc.oneof(fc.constantFrom(1, 2), fc.integer({ min: 1, max: 21 })), { minLength: 0, maxLength: 4 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.subarray(shape.map((_, dim) => dim))));

describe.each(["sum", "mean", "amax", "amin"] as const)("a generated %s", (op) => {
  it("equals the plain one, over any dimensions, in parts", () => {
    fc.assert(
      fc.property(anyReduction, fc.nat(1000), fc.integer({ min: 20, max: 5000 }), ([shape, dims], seed, grain) => {
        const x = numbers(sizeOf(shape), seed);
        const actual = reduced(op, x, shape, dims, grain)!;
        const wanted = expected(op, x, shape, dims);
        const scale = 7 * (op === "sum" ? x.length / Math.max(wanted.length, 1) : 1);
        for (const [i, value] of actual.entries())
          expect(Math.abs(value - wanted[i]!)).toBeLessThan(3e-7 * scale + 1e-9);
        expect(actual.length).toBe(wanted.length);
      }),
      { numRuns: 300 },
    );
  });

  it("passes NaN and infinities on, wherever they are", () => {
    for (const [shape, dims] of [
      [[3, 39], [1]],
      [[39, 3], [0]],
      [[39, 23], [0]],
    ] as const) {
      for (let at = 0; at < sizeOf(shape); at += 5) {
        const x = numbers(sizeOf(shape), 1);
        x[at] = Number.NaN;
        x[(at + 4) % x.length] = Infinity;
        const finite = (y: Float32Array) => y.map((value) => (Number.isFinite(value) ? 0 : value));
        expect(finite(reduced(op, x, shape, dims)!)).toEqual(finite(expected(op, x, shape, dims)));
      }
    }
  });
});

describe("reductions", () => {
  it("of ten million elements are right to a millionth", () => {
    const x = new Float32Array(10_000_000).map((_, i) => 1 + (i % 1000) / 1000);
    const wanted = 1.4995;
    expect(Math.abs(reduced("mean", x, [x.length], [0])![0]! - wanted)).toBeLessThan(1e-6);
    expect(Math.abs(reduced("mean", x, [x.length], [0], 100_000)![0]! - wanted)).toBeLessThan(1e-6);
    // Equal elements round to the same side each time.
    const tenths = new Float32Array(3_000_000).fill(0.1);
    expect(Math.abs(reduced("mean", tenths, [tenths.length], [0])![0]! - 0.1)).toBeLessThan(1e-7);
    expect(Math.abs(reduced("mean", tenths, [100_000, 30], [0])![0]! - 0.1)).toBeLessThan(1e-7);
    const columns = reduced("mean", x, [1_000_000, 10], [0])!;
    const exact = expected("mean", x, [1_000_000, 10], [0]);
    for (const [i, value] of columns.entries()) expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-6);
  });

  it("of nothing give what folding nothing gives", () => {
    const empty = new Float32Array(0);
    expect(reduced("sum", empty, [2, 0], [1])).toEqual(new Float32Array([0, 0]));
    expect(reduced("mean", empty, [0, 5], [0])).toEqual(new Float32Array(5).fill(Number.NaN));
    expect(reduced("sum", empty, [0, 3], [1])).toEqual(empty);
  });

  it("are refused where dimensions alternate too often, or nothing lies side by side", () => {
    const x = numbers(2 ** 8, 0);
    expect(reduced("sum", x, new Array(8).fill(2), [0, 2, 4, 6])).toBeUndefined();
    const from = { address: 0, strides: [1, 8] };
    const request = { op: "sum", shape: [8, 8], dims: [1], from, to: 0, grain: Infinity, scratch: () => 0 } as const;
    expect(planReduction(request)).toBeUndefined();
  });

  it("split the outputs where there are enough, else the elements", () => {
    const from = { address: 0, strides: [1000, 1] };
    const common = { op: "mean", from, to: 8, grain: 1000, scratch: () => 16 } as const;
    expect(planReduction({ ...common, shape: [10, 1000], dims: [1] })!.map(({ calls }) => calls.length)).toEqual([10]);
    expect(planReduction({ ...common, shape: [10, 1000], dims: [0, 1] })!.map(({ calls }) => calls.length)).toEqual([
      10, 1,
    ]);
  });
});

describe.each(["argmax", "argmin"] as const)("a generated %s", (op) => {
  it.each(["float32", "int32"] as const)("of %s equals the plain one, along any dimension, in parts", (dtype) => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        fc.tuple(size, size, size),
        fc.nat(2),
        fc.nat(1000),
        fc.integer({ min: 5, max: 999 }),
        (shape, dim, seed, grain) => {
          const x = allocateArray(dtype, sizeOf(shape));
          for (let i = 0; i < x.length; i++) x[i] = (Math.imul(i + seed, 2654435761) >>> 9) % 5;
          const nans = dtype === "float32" ? [seed, seed * 7, seed * 13] : [];
          for (const at of nans) x[at % x.length] = Number.NaN;
          const kept = reducedShape(shape, [dim], false);
          const wanted = new Int32Array(sizeOf(kept));
          const input = { buffer: x, dtype, ...contiguousLayout(shape) };
          plain.run(
            op,
            [input],
            { buffer: wanted, dtype: "int32", ...contiguousLayout(kept) },
            { dim, keepdim: false },
          );
          arena.clear();
          const from = arena.place(x).byteOffset;
          const output = arena.empty("int32", wanted.length);
          const work = planExtremeIndex(op, dtype, around(shape, dim), from, output.byteOffset, grain);
          expect(arena.strayWrites([output], () => arena.run(work))).toEqual([]);
          expect(output.slice()).toEqual(wanted);
        },
      ),
    );
  });
});
