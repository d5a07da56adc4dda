// Pooling and resizing on whatever device the tests run on against the plain kernels.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tensor } from "#engine";
import { contiguousLayout } from "../../../core/layout.ts";
import { type Shape, sizeOf } from "../../../core/shape.ts";
import { dispatch } from "../../../ops/dispatch.ts";
import type { AvgPoolParams, MaxPoolParams, Pair, Params } from "../../../ops/table.ts";
import { poolingKernels } from "../../cpu/pooling.ts";
import { resizeKernels } from "../../cpu/resize.ts";

const plainKernels = { ...poolingKernels, ...resizeKernels };
type Op = keyof typeof plainKernels;

interface Values {
  readonly shape: Shape;
  readonly values: Float32Array;
}

/** The op on the device, and what the plain kernel gives, for the same operands. */
function runBoth<P extends Op>(op: P, given: readonly Values[], params: Params<P>) {
  const inputs = given.map(({ shape, values }) => {
    const padded = new Float32Array(values.length + 3);
    padded.set(values, 3);
    return tensor(padded).narrow(0, 3, values.length).reshape(shape);
  });
  const actual = dispatch(op, inputs as never, params);
  const length = sizeOf(actual.shape);
  const buffer = op === "maxPool2dIndices" ? new Int32Array(length) : new Float32Array(length);
  const operands = given.map(({ shape, values }) => {
    return { ...contiguousLayout(shape), dtype: "float32", buffer: values };
  });
  const output = { ...contiguousLayout(actual.shape), dtype: actual.dtype, buffer };
  plainKernels[op](operands as never, output as never, params as never);
  return { actual: actual.dataSync(), expected: buffer };
}

/** Equal ones, zeros and NaN among them. */
function drawn(shape: Shape, seed: number, rest: readonly number[] = []): Values {
  const choice = [...Array.from({ length: 12 }, (_, i) => i - 6), ...rest];
  return {
    shape,
    values: Float32Array.from({ length: sizeOf(shape) }, (_, i) => choice[((i + seed) * 7919) % choice.length]!),
  };
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

interface Pooling {
  readonly shape: Shape;
  readonly params: MaxPoolParams & AvgPoolParams;
}

/** No window lies over nothing: padding is at most half a kernel, and no dilation jumps over the image. */
const anyPooling: fc.Arbitrary<Pooling> = fc
  .record({
    images: pair(1, 3),
    room: pair(0, 9),
    kernelSize: pair(1, 4),
    stride: pair(1, 4),
    halves: pair(0, 2),
    dilation: fc.oneof(fc.constant([1, 1] as const), pair(1, 3)),
    ceilMode: fc.boolean(),
    countIncludePad: fc.boolean(),
  })
  .map(({ images, room, halves, ...rest }) => {
    const { kernelSize, dilation } = rest;
    const padding = [0, 1].map((i) => Math.min(halves[i]!, Math.floor(kernelSize[i]! / 2))) as [number, number];
    const along = (i: 0 | 1) => Math.max(dilation[i], dilation[i] * (kernelSize[i] - 1) + 1 + room[i] - 2 * padding[i]);
    return { shape: [...images, along(0), along(1)], params: { ...rest, padding } };
  });

describe("pooling equals the plain kernels'", () => {
  it("for the maximum, with NaN and infinities", { timeout: 100_000 }, () => {
    fc.assert(
      fc.property(anyPooling, fc.nat(100), ({ shape, params }, seed) => {
        const x = drawn(shape, seed, [Number.NaN, -Infinity, Infinity]);
        const pooled = runBoth("maxPool2d", [x], params);
        expect(pooled.actual).toEqual(pooled.expected);
        const places = runBoth("maxPool2dIndices", [x], params);
        expect(places.actual).toEqual(places.expected);
        const grad = drawn(dispatch("maxPool2d", [tensor(x.values).reshape(shape)], params).shape, seed);
        const gradient = runBoth("maxPool2dInput", [x, grad], params);
        expect(gradient.actual).toEqual(gradient.expected);
      }),
      { numRuns: 60 },
    );
  });

  it("for the mean", { timeout: 100_000 }, () => {
    fc.assert(
      fc.property(anyPooling, fc.nat(100), ({ shape, params: all }, seed) => {
        const params = { ...all, dilation: [1, 1] as const, inputShape: shape };
        const x = drawn(shape, seed);
        const pooled = runBoth("avgPool2d", [x], params);
        expectClose(pooled);
        const grad = drawn(dispatch("avgPool2d", [tensor(x.values).reshape(shape)], params).shape, seed);
        expectClose(runBoth("avgPool2dInput", [grad], params));
      }),
      { numRuns: 60 },
    );
  });
});

describe("resizing equals the plain kernels'", () => {
  const anyResizing = fc.record({
    shape: fc.tuple(pair(1, 2), pair(1, 9)).map(([images, size]) => [...images, ...size] as const),
    target: fc.oneof(pair(1, 20), fc.constantFrom(0.3, 1.7, 4)),
    alignCorners: fc.boolean(),
  });

  it("for any sizes and scales", { timeout: 100_000 }, () => {
    fc.assert(
      fc.property(anyResizing, fc.nat(100), ({ shape, target, alignCorners }, seed) => {
        const along = (i: 0 | 1) => {
          const from = shape[2 + i]!;
          const to = typeof target === "number" ? Math.max(1, Math.floor(from * target)) : target[i];
          if (alignCorners) return { to, scale: to > 1 ? (from - 1) / (to - 1) : 0 };
          return { to, scale: typeof target === "number" ? 1 / target : from / to };
        };
        const [height, width] = [along(0), along(1)];
        const params = { scale: [height.scale, width.scale], size: [height.to, width.to], alignCorners } as const;
        expectClose(runBoth("bilinear", [drawn(shape, seed)], params));
        const grad = drawn([shape[0], shape[1], ...params.size], seed);
        expectClose(runBoth("bilinearInput", [grad], { ...params, inputShape: shape }));
      }),
      { numRuns: 80 },
    );
  });

  /** Positions in float32 would be wrong by a hundredth here. */
  it("far from the start of an image", () => {
    const scale: Pair = [1, 1 / 2.9];
    const x = drawn([1, 1, 1, 7001], 3);
    expectClose(runBoth("bilinear", [x], { scale, alignCorners: false, size: [1, 20303] }), 1e-4);
    const grad = drawn([1, 1, 1, 20303], 3);
    expectClose(runBoth("bilinearInput", [grad], { scale, alignCorners: false, inputShape: x.shape }), 1e-4);
  });
});

function expectClose({ actual, expected }: ReturnType<typeof runBoth>, tolerance = 1e-5): void {
  for (const [i, value] of actual.entries()) {
    const isClose = Math.abs(value - expected[i]!) <= tolerance * Math.max(1, Math.abs(expected[i]!));
    if (!isClose) expect({ i, value }).toEqual({ i, value: expected[i] });
  }
}
