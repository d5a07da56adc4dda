import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocateArray, type DType, type TypedArray } from "../../../core/dtype.ts";
import { broadcastStrides, contiguousLayout } from "../../../core/layout.ts";
import { type Shape, sizeOf, stridesOf } from "../../../core/shape.ts";
import type { OpName, Params } from "../../../ops/table.ts";
import type { Operand } from "../../backend.ts";
import { createPlainBackend } from "../../cpu/plain-backend.ts";
import { Arena } from "../arena.ts";
import { chains } from "./chains.ts";
import { planCopy } from "./copy.ts";
import { planFill } from "./fill.ts";
import { planPointwise } from "./plan.ts";
import { type Program, programOf } from "./program.ts";
import { castProgram, clampProgram, copyProgram, powerProgram, programFor } from "./programs.ts";

const arena = new Arena();
const plain = createPlainBackend();

/** A tensor as both sides see it. */
interface Given {
  readonly values: TypedArray;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly offset: number;
}

const dtypeOf = (values: TypedArray): DType =>
  values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "bool";

const widthOf = (values: TypedArray) => values.BYTES_PER_ELEMENT;

/** Small numbers, now and then one that is special. */
function valuesOf(dtype: DType, size: number, seed: number): TypedArray {
  const special = [0, -0, Number.NaN, Infinity, -Infinity, 0.5, -2.5, 1.5];
  const values = allocateArray(dtype, size);
  for (let i = 0; i < size; i++) {
    const random = Math.imul(i * 2654435761 + seed * 40503 + 12345, 2246822519) >>> 8;
    const number = (random % 33) / 4 - 4;
    if (dtype === "float32") values[i] = random % 7 === 0 ? special[random % special.length]! : number;
    else values[i] = dtype === "int32" ? Math.trunc(number * 2) : random % 2;
  }
  return values;
}

const given = (values: TypedArray, shape: Shape): Given => ({ values, ...contiguousLayout(shape) });

/** What the kernels write for a program; nothing else may change. */
function computed(program: Program, shape: Shape, inputs: readonly Given[], grain = Infinity): TypedArray {
  arena.clear();
  const operands = inputs.map(({ values, offset, ...layout }) => {
    const address = arena.place(values).byteOffset + offset * widthOf(values);
    return { address, strides: broadcastStrides({ offset, ...layout }, shape) };
  });
  const output = arena.empty(program.output, sizeOf(shape));
  const place = { address: output.byteOffset, strides: stridesOf(shape) };
  const work = planPointwise(program, shape, place, operands, grain);
  expect(arena.strayWrites([output], () => arena.run(work))).toEqual([]);
  return output.slice();
}

/** What the plain backend computes. */
function expected<P extends OpName>(op: P, shape: Shape, inputs: readonly Given[], params: Params<P>, dtype: DType) {
  const buffer = allocateArray(dtype, sizeOf(shape));
  const operands = inputs.map(({ values, ...layout }) => ({ buffer: values, dtype: dtypeOf(values), ...layout }));
  const output: Operand<TypedArray> = { buffer, dtype, ...contiguousLayout(shape) };
  plain.run(op as never, operands as never, output, params as never);
  return buffer;
}

/** Equal but for the sign of a zero. */
function expectSame(actual: TypedArray, wanted: TypedArray): void {
  expect(Array.from(actual, (x) => x + 0)).toEqual(Array.from(wanted, (x) => x + 0));
}

const length = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4), fc.integer({ min: 0, max: 70 }));

/** A shape, and for each operand a layout that broadcasts to it: dimensions permuted, reversed or repeated. */
const layouts = (operands: number) =>
  fc
    .array(fc.oneof(fc.constantFrom(1, 2, 4), fc.integer({ min: 1, max: 9 })), { maxLength: 6 })
    .chain((shape) =>
      fc.tuple(fc.constant(shape), fc.array(anyLayout(shape), { minLength: operands, maxLength: operands })),
    );

function anyLayout(shape: Shape) {
  const rank = shape.length;
  return fc
    .record({
      order: fc.oneof(
        fc.constant(shape.map((_, dim) => dim)),
        fc.shuffledSubarray(
          shape.map((_, dim) => dim),
          { minLength: rank },
        ),
      ),
      repeated: fc.array(fc.boolean(), { minLength: rank, maxLength: rank }),
      reversed: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: rank, maxLength: rank }),
      gap: fc.constantFrom(1, 1, 1, 2),
    })
    .map(({ order, repeated, reversed, gap }) => {
      const own = shape.map((size, dim) => (repeated[dim] ? 1 : size));
      const strides = new Array<number>(rank).fill(0);
      let stride = gap;
      for (const dim of order.toReversed()) {
        strides[dim] = stride;
        stride *= own[dim]!;
      }
      let offset = 0;
      for (const [dim, chance] of reversed.entries()) {
        if (chance > 0) continue;
        offset += strides[dim]! * (own[dim]! - 1);
        strides[dim] = -strides[dim]!;
      }
      return { shape: own, strides, offset, size: stride };
    });
}

const binaryOps = ["add", "sub", "mul", "div", "maximum", "minimum", "eq", "ne", "gt", "ge", "lt", "le"] as const;
const unaryOps = ["neg", "abs", "sign", "sqrt", "floor", "ceil", "round", "trunc", "relu"] as const;
const dtypes = ["float32", "int32", "bool"] as const;

describe("a generated loop equals the plain backend", () => {
  const binaryCases = binaryOps.flatMap((op) => dtypes.map((dtype) => [op, dtype] as const));
  it.each(binaryCases.filter(([op, dtype]) => programFor(op, [dtype, dtype])))("for %s of %s", (op, dtype) => {
    const program = programFor(op, [dtype, dtype])!;
    fc.assert(
      fc.property(length, fc.nat(), (n, seed) => {
        const inputs = [given(valuesOf(dtype, n, seed), [n]), given(valuesOf(dtype, n, seed + 1), [n])];
        expectSame(computed(program, [n], inputs), expected(op, [n], inputs, {}, program.output));
      }),
      { numRuns: 20 },
    );
  });

  const unaryCases = unaryOps.flatMap((op) => dtypes.map((dtype) => [op, dtype] as const));
  it.each(unaryCases.filter(([op, dtype]) => programFor(op, [dtype])))("for %s of %s", (op, dtype) => {
    const program = programFor(op, [dtype])!;
    fc.assert(
      fc.property(length, fc.nat(), (n, seed) => {
        const inputs = [given(valuesOf(dtype, n, seed), [n])];
        expectSame(computed(program, [n], inputs), expected(op, [n], inputs, {}, dtype));
      }),
      { numRuns: 20 },
    );
  });

  it.each(["exp", "expm1", "log", "log1p", "tanh", "sigmoid", "erf"] as const)("for %s, nearly", (op) => {
    const program = programFor(op, ["float32"])!;
    fc.assert(
      fc.property(length, fc.nat(), (n, seed) => {
        const inputs = [given(valuesOf("float32", n, seed), [n])];
        const [actual, wanted] = [computed(program, [n], inputs), expected(op, [n], inputs, {}, "float32")];
        for (const [i, want] of wanted.entries()) {
          if (Number.isFinite(want)) expect(Math.abs(actual[i]! - want)).toBeLessThanOrEqual(4e-7 * Math.abs(want));
          else expect(actual[i]).toBe(want);
        }
      }),
      { numRuns: 20 },
    );
  });

  it.each(dtypes.flatMap((from) => dtypes.map((to) => [from, to] as const)))("for a cast from %s to %s", (from, to) => {
    fc.assert(
      fc.property(length, fc.nat(), (n, seed) => {
        // Infinities as integers are the machine's affair.
        const values = valuesOf(from, n, seed).map((x) => (Math.abs(x) === Infinity ? 7 : x));
        const inputs = [given(values, [n])];
        expectSame(computed(castProgram(from, to), [n], inputs), expected("cast", [n], inputs, { dtype: to }, to));
      }),
      { numRuns: 20 },
    );
  });

  it.each(["float32", "int32"] as const)("for clamp of %s, with bounds that may be infinite", (dtype) => {
    for (const params of [
      { min: -1, max: 2 },
      { min: -Infinity, max: 1 },
      { min: 0, max: Infinity },
    ]) {
      const inputs = [given(valuesOf(dtype, 45, 3), [45])];
      expectSame(computed(clampProgram(dtype, params), [45], inputs), expected("clamp", [45], inputs, params, dtype));
    }
  });

  it.each(dtypes)("for where of %s, in any layout, in parts", (dtype) => {
    const program = programFor("where", ["bool", dtype, dtype])!;
    fc.assert(
      fc.property(layouts(3), fc.nat(), fc.integer({ min: 1, max: 200 }), ([shape, all], seed, grain) => {
        const inputs = all.map((layout, i) => ({
          ...layout,
          values: valuesOf(i === 0 ? "bool" : dtype, layout.size, seed + i),
        }));
        expectSame(computed(program, shape, inputs, grain), expected("where", shape, inputs, {}, dtype));
      }),
      { numRuns: 100 },
    );
  });

  it.each(["float32", "int32"] as const)("for two operands of %s, in any layout, in parts", (dtype) => {
    const program = programFor("sub", [dtype, dtype])!;
    fc.assert(
      fc.property(layouts(2), fc.nat(), fc.integer({ min: 1, max: 200 }), ([shape, all], seed, grain) => {
        const inputs = all.map((layout, i) => ({ ...layout, values: valuesOf(dtype, layout.size, seed + i) }));
        expectSame(computed(program, shape, inputs, grain), expected("sub", shape, inputs, {}, dtype));
      }),
      { numRuns: 300 },
    );
  });
});

describe("elementwise work", () => {
  it("may write over an operand", () => {
    arena.clear();
    const [a, b] = [arena.place(new Float32Array([1, 2, 3, 4, 5, 6, 7])), arena.place(new Float32Array([10]))];
    const place = { address: a.byteOffset, strides: [1] };
    const add = programFor("add", ["float32", "float32"])!;
    arena.run(planPointwise(add, [7], place, [place, { address: b.byteOffset, strides: [0] }], 3));
    expect([...a]).toEqual([11, 12, 13, 14, 15, 16, 17]);
  });

  it("is cut into parts that cover the output once, at cache lines", () => {
    const add = programFor("add", ["float32", "float32"])!;
    const flat = { address: 0, strides: [1] };
    const { calls } = planPointwise(add, [1000], flat, [flat, flat], 300);
    expect(calls.map(([size, , , , address]) => [size, address])).toEqual([
      [256, 0],
      [256, 1024],
      [256, 2048],
      [232, 3072],
    ]);
  });

  it("needs one kernel for bias, mask or scale of any size, and another for another layout", () => {
    const add = programFor("add", ["float32", "float32"])!;
    const keyOf = (shape: Shape, strides: readonly number[]) => {
      const output = { address: 0, strides: stridesOf(shape) };
      return planPointwise(add, shape, output, [output, { address: 0, strides }], Infinity).key;
    };
    expect(keyOf([64, 6, 28, 28], [0, 1, 0, 0])).toBe(keyOf([8, 16, 10, 10], [0, 1, 0, 0]));
    expect(keyOf([64, 10], [0, 1])).not.toBe(keyOf([64, 10], [1, 0]));
  });

  it("refuses programs whose ops do not take their operands", () => {
    expect(() => programOf(["bool"], (append, terms) => append("sqrt", terms))).toThrow("sqrt: does not take bool");
    expect(() => programOf(["int32", "float32"], (append, terms) => append("add", terms))).toThrow(
      "add: does not take int32, float32",
    );
  });
});

describe("programs of several ops", () => {
  const n = 37;
  const inputs = [0, 1, 2].map((seed) => given(valuesOf("float32", n, seed), [n]));
  const [grad, a, b] = inputs.map(({ values }) => values) as [TypedArray, TypedArray, TypedArray];
  const check = (program: Program, wanted: (i: number) => number) => {
    const actual = computed(program, [n], inputs.slice(0, program.operands.length));
    for (let i = 0; i < n; i++) {
      const want = wanted(i);
      if (!Number.isFinite(want)) expect(actual[i]).toBe(want);
      else expect(Math.abs(actual[i]! - want)).toBeLessThanOrEqual(1e-6 * Math.abs(want));
    }
  };

  it.each([
    ["tanhBackward", (i) => grad[i]! * (1 - a[i]! * a[i]!)],
    ["sigmoidBackward", (i) => grad[i]! * a[i]! * (1 - a[i]!)],
    ["reluBackward", (i) => (a[i]! > 0 ? grad[i]! : 0)],
    ["squaredError", (i) => (grad[i]! - a[i]!) ** 2],
    ["squaredErrorBackward", (i) => 2 * grad[i]! * (a[i]! - b[i]!)],
  ] as readonly [keyof typeof chains, (i: number) => number][])("%s", (name, wanted) => {
    check(chains[name], wanted);
  });

  it.each([-2, -1, -0.5, 0.5, 1, 2, 3])("x to the power of %s", (exponent) => {
    const positive = Float32Array.from({ length: n }, (_, i) => i / 4);
    const actual = computed(powerProgram(exponent)!, [n], [given(positive, [n])]);
    for (const [i, x] of positive.entries()) expect(actual[i]).toBeCloseTo(x ** exponent, 5);
    expect(powerProgram(2.2)).toBeUndefined();
  });
});

describe("copies", () => {
  it.each(dtypes)("of %s in any layout, in parts", (dtype) => {
    fc.assert(
      fc.property(layouts(1), fc.nat(), fc.integer({ min: 1, max: 200 }), ([shape, [layout]], seed, grain) => {
        const input = { ...layout!, values: valuesOf(dtype, layout!.size, seed) };
        expectSame(computed(copyProgram(dtype), shape, [input], grain), copied(dtype, shape, input, grain));
      }),
      { numRuns: 200 },
    );
  });

  it.each(["float32", "int32"] as const)("of %s turn matrices, alone or in a batch, in parts", (dtype) => {
    const side = fc.integer({ min: 1, max: 140 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3 }),
        side,
        side,
        fc.integer({ min: 30, max: 3000 }),
        (batch, m, n, grain) => {
          const values = valuesOf(dtype, batch * m * n, m);
          const input = { values, shape: [batch, m, n], strides: [m * n, 1, m], offset: 0 };
          const turned = allocateArray(dtype, values.length);
          for (let i = 0; i < values.length; i++) {
            const [plane, at] = [Math.floor(i / (m * n)) * m * n, i % (m * n)];
            turned[i] = values[plane + (at % n) * m + Math.floor(at / n)]!;
          }
          expectSame(copied(dtype, [batch, m, n], input, grain), turned);
        },
      ),
      { numRuns: 60 },
    );
  });

  function copied(dtype: DType, shape: Shape, { values, offset, ...layout }: Given, grain: number): TypedArray {
    arena.clear();
    const address = arena.place(values).byteOffset + offset * widthOf(values);
    const strides = broadcastStrides({ offset, ...layout }, shape);
    const output = arena.empty(dtype, sizeOf(shape));
    const work = planCopy(dtype, shape, output.byteOffset, { address, strides }, grain);
    expect(arena.strayWrites([output], () => arena.run(work))).toEqual([]);
    return output.slice();
  }
});

describe("fill", () => {
  it.each([
    ["float32", 1.5],
    ["float32", 0],
    ["int32", -3],
    ["bool", 1],
  ] as const)("writes %s %s, in parts", (dtype, value) => {
    fc.assert(
      fc.property(length, fc.integer({ min: 1, max: 100 }), (n, grain) => {
        arena.clear();
        const output = arena.empty(dtype, n);
        const work = planFill(dtype, value, output.byteOffset, n, grain);
        expect(arena.strayWrites([output], () => arena.run(work))).toEqual([]);
        expect([...output]).toEqual(new Array(n).fill(value));
      }),
    );
  });
});
