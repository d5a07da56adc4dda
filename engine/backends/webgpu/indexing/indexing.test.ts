// Reading and writing by index on whatever device the tests run on against the plain kernels. Sums come in the plain kernels'
// order, so they are compared to the last bit.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShapeError } from "../../../core/errors.ts";
import { dispatch } from "../../../ops/dispatch.ts";
import { drawn, drawnIndices, plainly, toTensor, type Values } from "../against-plain.ts";

interface Case {
  readonly outer: number;
  readonly inner: number;
  /** Entries along the dimension, and indices. */
  readonly length: number;
  readonly count: number;
  /** What the index leaves out of the other dimensions. */
  readonly less: number;
  readonly seed: number;
  readonly kind: "float32" | "int32" | "bool";
}

/** Short and long lists of indices, with few and many that are equal. */
const anyCase: fc.Arbitrary<Case> = fc.record({
  outer: fc.integer({ min: 1, max: 4 }),
  inner: fc.integer({ min: 1, max: 5 }),
  length: fc.constantFrom(1, 2, 7, 300),
  count: fc.constantFrom(1, 5, 32, 33, 90, 1100),
  less: fc.integer({ min: 0, max: 1 }),
  seed: fc.nat(999),
  kind: fc.constantFrom("float32", "int32", "bool"),
});

function elements(shape: readonly number[], seed: number, kind: Case["kind"]): Values {
  if (kind === "float32") return drawn(shape, seed);
  const integers = drawnIndices(shape, seed, kind === "bool" ? 2 : 1000);
  return kind === "int32" ? integers : { shape, values: Uint8Array.from(integers.values) };
}

const runs = { numRuns: 25 };
const dim = 1;

describe("ops that read by index equal the plain kernels", () => {
  it.each(["gather", "indexSelect"] as const)("%s", (op) => {
    fc.assert(
      fc.property(anyCase, ({ outer, inner, length, count, seed, kind, less }) => {
        const x = elements([outer + less, length, inner + less], seed, kind);
        const shape = op === "gather" ? [outer, count, inner] : [count];
        const index = drawnIndices(shape, seed + 1, length);
        const actual = dispatch(op, [toTensor(x), toTensor(index)], { dim }).dataSync();
        expect(actual).toEqual(plainly(op, [x, index], { dim }).output.values);
      }),
      runs,
    );
  });

  it("gather and indexSelect, of transposed operands", () => {
    const x = drawn([5, 4, 3], 1);
    const index = drawnIndices([6, 4, 3], 2, 5);
    const [turned, turnedIndex] = [toTensor(x).transpose(0, 2), toTensor(index).transpose(0, 2)];
    const rows = (values: typeof turned): Values => ({ shape: values.shape, values: values.contiguous().dataSync() });
    const list = dispatch("slice", [toTensor(drawnIndices([8], 3, 4))], { dim: 0, start: 1, length: 3, step: 2 });
    const params = { dim: 2 };
    const gathered = plainly("gather", [rows(turned), rows(turnedIndex)], params).output.values;
    expect(dispatch("gather", [turned, turnedIndex], params).dataSync()).toEqual(gathered);
    const selected = plainly("indexSelect", [rows(turned), rows(list)], { dim }).output.values;
    expect(dispatch("indexSelect", [turned, list], { dim }).dataSync()).toEqual(selected);
  });

  it("oneHot", () => {
    const index = drawnIndices([3, 5], 1, 4);
    expect(dispatch("oneHot", [toTensor(index)], { classes: 4 }).dataSync()).toEqual(
      plainly("oneHot", [index], { classes: 4 }).output.values,
    );
  });
});

describe("ops that write by index equal the plain kernels, to the last bit", () => {
  it.each(["scatter", "scatterAdd", "indexAdd"] as const)("%s", (op) => {
    fc.assert(
      fc.property(anyCase, ({ outer, inner, length, count, less, seed, kind: any }) => {
        // Sums of bools are no bools.
        const kind = op !== "scatter" && any === "bool" ? "int32" : any;
        const other = op === "indexAdd" ? 0 : less;
        const base = elements([outer + other, length, inner + other], seed, kind);
        const source = elements([outer, count, inner], seed + 1, kind);
        const index = drawnIndices(op === "indexAdd" ? [count] : source.shape, seed + 2, length);
        const given = [base, index, source];
        const actual = dispatch(op, given.map(toTensor) as never, { dim }).dataSync();
        expect(actual).toEqual(plainly(op, given, { dim }).output.values);
      }),
      runs,
    );
  });
});

describe("an index out of range", () => {
  const cases = [
    ["gather", [drawn([3], 1)], []],
    ["indexSelect", [drawn([3], 1)], []],
    ["scatter", [drawn([3], 1)], [drawn([2], 2)]],
    ["scatterAdd", [drawn([3], 1)], [drawn([2], 2)]],
    ["indexAdd", [drawn([3], 1)], [drawn([2], 2)]],
  ] as const;

  it.each(cases)("is told by %s", (op, before, after) => {
    for (const wrong of [3, -1]) {
      const given = [...before, { shape: [2], values: Int32Array.of(1, wrong) }, ...after];
      const message = `${op}: index ${wrong} is out of range for 3 entries`;
      const run = () => dispatch(op, given.map(toTensor) as never, { dim: 0 }).dataSync();
      expect(run).toThrow(message);
      expect(run).toThrow(ShapeError);
    }
  });

  it.each(["scatter", "scatterAdd", "indexAdd"] as const)("is told by %s among many", (op) => {
    for (const wrong of [3, -1]) {
      const values = drawnIndices([100], 4, 3).values.slice();
      values[40] = wrong;
      const given = [drawn([3], 1), { shape: [100], values }, drawn([100], 2)];
      const run = () => dispatch(op, given.map(toTensor) as never, { dim: 0 }).dataSync();
      expect(run).toThrow(`${op}: index ${wrong} is out of range for 3 entries`);
    }
  });

  it("is told by oneHot", () => {
    const index = { shape: [2], values: Int32Array.of(0, 4) };
    expect(() => dispatch("oneHot", [toTensor(index)], { classes: 4 }).dataSync()).toThrow(
      "oneHot: index 4 is out of range for 4 entries",
    );
  });

  it("is told where there is nothing to read", () => {
    const given = [drawn([0, 2], 1), { shape: [1, 2], values: Int32Array.of(0, 0) }];
    const run = () => dispatch("gather", given.map(toTensor) as never, { dim: 0 }).dataSync();
    expect(run).toThrow("gather: index 0 is out of range for 0 entries");
  });
});
