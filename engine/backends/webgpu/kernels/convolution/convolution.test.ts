// Convolutions on whatever device the tests run on against the plain kernels. Sums of small whole numbers are exact in any order.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor, zeros } from "#engine";
import { contiguousLayout } from "../../../../core/layout.ts";
import { type Shape, sizeOf } from "../../../../core/shape.ts";
import { dispatch } from "../../../../ops/dispatch.ts";
import type { Activation, ConvParams, Pair } from "../../../../ops/table.ts";
import type { Tensor } from "../../../../tensor/tensor.ts";
import { convolutionKernels } from "../../../cpu/convolution.ts";

interface Case extends ConvParams {
  readonly batch: number;
  /** Of one group. */
  readonly channels: number;
  readonly filters: number;
  readonly size: Pair;
  readonly kernel: Pair;
}

const ops = ["conv2d", "conv2dInput", "conv2dWeight"] as const;
type Op = (typeof ops)[number];

function shapesOf({ batch, channels, filters, size, kernel, stride, padding, dilation, groups }: Case) {
  const along = (i: 0 | 1) =>
    Math.floor((size[i] + 2 * padding[i] - dilation[i] * (kernel[i] - 1) - 1) / stride[i]) + 1;
  return {
    input: [batch, groups * channels, ...size],
    weight: [groups * filters, channels, ...kernel],
    output: [batch, groups * filters, along(0), along(1)],
  } satisfies Record<string, Shape>;
}

const roles = {
  conv2d: ["input", "weight", "output"],
  conv2dInput: ["output", "weight", "input"],
  conv2dWeight: ["input", "output", "weight"],
} as const satisfies Record<Op, unknown>;

function wholeNumbers(shape: Shape, seed: number, unit: number): Float32Array {
  return Float32Array.from({ length: sizeOf(shape) }, (_, i) => unit * ((((i + seed) * 31) % 15) - 7));
}

/** A tensor that begins in the middle of its elements. */
function inTheMiddle(values: Float32Array, shape: Shape): Tensor {
  const padded = new Float32Array(values.length + 3);
  padded.set(values, 3);
  return tensor(padded).narrow(0, 3, values.length).reshape(shape);
}

/** The op on the device, and what the plain kernel gives, for the same multiples of `unit`. */
function runBoth(op: Op, geometry: Case, withBias = false, activation: Activation = "none", unit = 1) {
  const shapes = shapesOf(geometry);
  const [a, b, c] = roles[op].map((role) => shapes[role]) as readonly Shape[] as [Shape, Shape, Shape];
  const params = { ...geometry, activation, inputShape: shapes.input, weightShape: shapes.weight };
  const inputShapes = withBias ? [a, b, [c[1]!]] : [a, b];
  const values = inputShapes.map((shape, i) => wholeNumbers(shape, 7 * i, unit));
  const operands = values.map((buffer, i) => ({
    ...contiguousLayout(inputShapes[i]!),
    dtype: "float32" as const,
    buffer,
  }));
  const expected = new Float32Array(sizeOf(c));
  const output = { ...contiguousLayout(c), dtype: "float32" as const, buffer: expected };
  convolutionKernels[op](operands as never, output, params);
  const inputs = values.map((buffer, i) => inTheMiddle(buffer, inputShapes[i]!));
  const actual = dispatch(op, inputs as never, params as never);
  expect(actual.shape).toEqual(c);
  return { actual: actual.dataSync(), expected };
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));
const mostlyOne = (max: number) => fc.oneof(fc.constant([1, 1] as const), pair(1, max));

/** Any sizes whose output is not empty. */
const anyCase: fc.Arbitrary<Case> = fc
  .record({
    batch: fc.integer({ min: 1, max: 4 }),
    groups: fc.constantFrom(1, 1, 2, 3),
    channels: fc.integer({ min: 1, max: 5 }),
    filters: fc.integer({ min: 1, max: 20 }),
    kernel: pair(1, 4),
    stride: mostlyOne(4),
    padding: pair(0, 3),
    dilation: mostlyOne(3),
    room: pair(0, 12),
  })
  .map(({ room, ...geometry }) => {
    const { kernel, dilation, padding } = geometry;
    const along = (i: 0 | 1) => Math.max(1, dilation[i] * (kernel[i] - 1) + 1 + room[i] - 2 * padding[i]);
    return { ...geometry, size: [along(0), along(1)] as const };
  });

const plain: Case = {
  ...{ batch: 2, channels: 3, filters: 20, size: [9, 9], kernel: [3, 3], groups: 1 },
  ...{ stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
};

/** What random sizes do not reach: other tiles, sums in parts, nothing to sum. */
const rareCases: Readonly<Record<string, Partial<Case>>> = {
  "tiles of all rows": { channels: 33, filters: 65, size: [12, 7] },
  "more rows than columns": { channels: 40, filters: 70, size: [3, 3], batch: 1 },
  "a long sum for few results": { channels: 70, filters: 24, size: [4, 4], batch: 1 },
  "few filters over many channels": { channels: 130, filters: 2, size: [5, 5] },
  "large blocks": { channels: 9, filters: 128, size: [96, 96], batch: 1, kernel: [1, 1], padding: [0, 0] },
  "a step beyond the kernel": { kernel: [1, 2], stride: [3, 3], padding: [0, 1] },
  "a step and a dilation with a common divisor": { stride: [4, 6], dilation: [2, 3], size: [23, 25] },
  "a group for each channel": { channels: 1, filters: 1, groups: 9, size: [30, 40] },
  "two filters for each channel, sums in parts": { channels: 1, filters: 2, groups: 3, size: [40, 40], batch: 3 },
  "few filters and a large kernel": { filters: 2, kernel: [8, 9], size: [12, 12] },
  "more workgroups than the grid is wide": {
    ...{ channels: 1, filters: 1, groups: 70_000, size: [1, 1], batch: 1, kernel: [1, 1], padding: [0, 0] },
  },
  "no sample": { batch: 0 },
  "no channel": { channels: 0 },
  "no filter": { filters: 0 },
};

describe("a convolution equals the plain kernel's", () => {
  it.each(ops)("%s of any sizes", { timeout: 200_000 }, (op) => {
    fc.assert(
      fc.property(anyCase, fc.boolean(), (geometry, bias) => {
        const { actual, expected } = runBoth(op, geometry, bias && op === "conv2d");
        expect(actual).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  describe.each(Object.entries(rareCases))("%s", (_, change) => {
    it.each(ops)("%s", { timeout: 60_000 }, (op) => {
      const { actual, expected } = runBoth(op, { ...plain, ...change });
      expect(actual).toEqual(expected);
    });
  });

  it.each([
    [2, 3],
    [20, 3],
    [24, 70],
  ])("applies bias and activation to %i filters over %i channels", { timeout: 60_000 }, (filters, channels) => {
    for (const activation of ["tanh", "sigmoid", "relu"] as const) {
      const geometry = { ...plain, filters, channels, batch: 1 };
      const { actual, expected } = runBoth("conv2d", geometry, true, activation, 1 / 16);
      for (const [i, value] of actual.entries()) expect(value).toBeCloseTo(expected[i]!, 6);
    }
  });
});

describe("NaN", () => {
  it.each([2, 20])("goes through relu with %i filters", (filters) => {
    const x = zeros([1, 1, 2, 2]).div(0);
    const weight = zeros([filters, 1, 1, 1]).add(1);
    const params = { stride: [1, 1], padding: [0, 0], dilation: [1, 1], groups: 1, activation: "relu" } as const;
    expect(dispatch("conv2d", [x, weight], params).dataSync().every(Number.isNaN)).toBe(true);
  });
});
