import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TypedArray } from "../../../core/dtype.ts";
import { contiguousLayout } from "../../../core/layout.ts";
import { type Shape, sizeOf } from "../../../core/shape.ts";
import { imageInference } from "../../../ops/inference/image.ts";
import type { Pair } from "../../../ops/table.ts";
import type { Operand } from "../../backend.ts";
import { createPlainBackend } from "../../cpu/plain-backend.ts";
import { Arena } from "../arena.ts";
import { isHalving, type PoolGeometry, type PoolOp } from "./geometry.ts";
import { planPool } from "./plan.ts";

const arena = new Arena();
const plain = createPlainBackend();

interface Case extends Omit<PoolGeometry, "output"> {
  readonly planes: number;
  readonly ceilMode: boolean;
  readonly grain: number;
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Few different numbers, so that windows have equal maxima; now and then a NaN; at the end -∞, which has an index too. */
const numbers = (size: number, nans = true) =>
  new Float32Array(size).map((_, i) => {
    if (nans && i > size / 2) return -Infinity;
    const random = Math.imul(i + 77, 2654435761) >>> 9;
    return nans && random % 23 === 0 ? Number.NaN : (random % 7) - 3;
  });

const operand = (buffer: TypedArray, shape: Shape, dtype: "float32" | "int32" = "float32"): Operand<TypedArray> => ({
  ...{ buffer, dtype },
  ...contiguousLayout(shape),
});

function check(c: Case): void {
  const { planes, grain, input, ...params } = c;
  const shape = [planes, 1, ...input];
  const outShape = imageInference.maxPool2d([{ shape, dtype: "float32" }], params).shape;
  const g: PoolGeometry = { ...c, output: outShape.slice(2) as unknown as Pair };
  const x = numbers(sizeOf(shape));
  const grad = numbers(sizeOf(outShape), false);
  const run = (op: PoolOp, inputs: readonly Float32Array[], size: number) => {
    arena.clear();
    const places = inputs.map((values) => arena.place(values).byteOffset);
    const output = arena.empty(op === "maxPool2dIndices" ? "int32" : "float32", size);
    const dilation: Pair = op.startsWith("avg") ? [1, 1] : g.dilation;
    const work = planPool(op, { ...g, dilation }, planes, places, output.byteOffset, grain);
    expect(arena.strayWrites([output], () => arena.run(work))).toEqual([]);
    return output.slice();
  };
  const near = (actual: TypedArray, wanted: TypedArray) => {
    for (const [i, want] of wanted.entries()) expect(actual[i]).toBeCloseTo(want, 4);
  };

  const maxima = new Float32Array(grad.length);
  plain.run("maxPool2d", [operand(x, shape)], operand(maxima, outShape), params);
  expect(run("maxPool2d", [x], grad.length)).toEqual(maxima);

  const indices = new Int32Array(grad.length);
  plain.run("maxPool2dIndices", [operand(x, shape)], operand(indices, outShape, "int32"), params);
  expect(run("maxPool2dIndices", [x], grad.length)).toEqual(indices);

  const scattered = new Float32Array(x.length);
  plain.run("maxPool2dInput", [operand(x, shape), operand(grad, outShape)], operand(scattered, shape), params);
  near(run("maxPool2dInput", [x, grad], x.length), scattered);

  const finite = numbers(x.length, false);
  const average = { ...params, dilation: [1, 1] as Pair };
  const meanShape = imageInference.avgPool2d([{ shape, dtype: "float32" }], average).shape;
  if (String(meanShape) !== String(outShape)) return;
  const [means, spread] = [new Float32Array(grad.length), new Float32Array(x.length)];
  plain.run("avgPool2d", [operand(finite, shape)], operand(means, outShape), average);
  near(run("avgPool2d", [finite], grad.length), means);
  plain.run("avgPool2dInput", [operand(grad, outShape)], operand(spread, shape), { ...average, inputShape: shape });
  near(run("avgPool2dInput", [grad], x.length), spread);
}

describe("generated pooling equals the plain one", () => {
  it("for 2 × 2 windows side by side, also where a row or column is left over", () => {
    const common = { kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] } as const;
    const input = fc.tuple(fc.integer({ min: 2, max: 15 }), fc.integer({ min: 8, max: 30 }));
    const anyCase = fc.record({
      input,
      planes: fc.integer({ min: 0, max: 5 }),
      grain: fc.integer({ min: 10, max: 999 }),
    });
    fc.assert(
      fc.property(anyCase, (c) => check({ ...c, ...common, ceilMode: false, countIncludePad: true })),
      { numRuns: 40, examples: [[{ input: [4, 97], planes: 2, grain: 1000 }]] },
    );
  });

  it("for any windows", () => {
    const anyCase: fc.Arbitrary<Case> = pair(1, 4).chain(([height, width]) => {
      const kernelSize: Pair = [height, width];
      const padding = fc.tuple(
        fc.integer({ min: 0, max: Math.floor(height / 2) }),
        fc.integer({ min: 0, max: Math.floor(width / 2) }),
      );
      return fc.record({
        ...{ kernelSize: fc.constant(kernelSize), padding, stride: pair(1, 3), input: pair(4, 24) },
        dilation: fc.oneof(fc.constant<[number, number]>([1, 1]), fc.constant<[number, number]>([2, 1])),
        ...{ ceilMode: fc.boolean(), countIncludePad: fc.boolean() },
        ...{ planes: fc.integer({ min: 1, max: 3 }), grain: fc.integer({ min: 10, max: 999 }) },
      });
    });
    fc.assert(
      fc.property(anyCase, (c) => {
        fc.pre(c.kernelSize.every((size, i) => (size - 1) * c.dilation[i]! < c.input[i]! + 2 * c.padding[i]!));
        check(c);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    { name: "above or below all rows", input: [4, 24], dilation: [5, 1], padding: [1, 0] },
    { name: "beside all columns", input: [4, 24], dilation: [1, 25], padding: [0, 1] },
  ] as const)("for dilated windows that lie $name", ({ input, dilation, padding }) => {
    const windows = { kernelSize: [2, 2], stride: [1, 1], ceilMode: false, countIncludePad: true } as const;
    check({ ...windows, input, dilation, padding, planes: 2, grain: 1000 });
  });

  it("and takes the fast kernel only where every window is whole", () => {
    const halving: PoolGeometry = {
      ...{ input: [9, 9], output: [4, 4], kernelSize: [2, 2], stride: [2, 2], padding: [0, 0], dilation: [1, 1] },
      countIncludePad: true,
    };
    expect(isHalving(halving)).toBe(true);
    expect(isHalving({ ...halving, output: [5, 5] })).toBe(false);
    expect(isHalving({ ...halving, output: [3, 3] })).toBe(false);
    expect(isHalving({ ...halving, padding: [0, 1] })).toBe(false);
    expect(isHalving({ ...halving, dilation: [2, 1] })).toBe(false);
  });
});
