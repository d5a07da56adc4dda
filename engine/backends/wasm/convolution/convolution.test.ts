import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contiguousLayout } from "../../../core/layout.ts";
import type { Shape } from "../../../core/shape.ts";
import { convolutionKernels } from "../../cpu/convolution.ts";
import { ModuleBuilder } from "../assembler/index.ts";
import { tiles } from "../matmul/matmul.ts";
import { type ConvolutionSizes, outputSize } from "./geometry.ts";
import type { ConvolutionPlan } from "./plan/plan.ts";
import { type ConvolutionOp, type ConvolutionOptions, planConvolution } from "./plan-convolution.ts";

const pages = 64;
const type = { initialPages: pages, maximumPages: pages, shared: true };
const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
const floats = new Float32Array(memory.buffer);

function elements(shape: Shape): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** Shapes of input, weight and output. */
function shapesOf(s: ConvolutionSizes): Record<"input" | "weight" | "output", Shape> {
  return {
    input: [s.batch, s.channels, s.height, s.width],
    weight: [s.filters, s.channels / s.groups, s.kernelHeight, s.kernelWidth],
    output: [s.batch, s.filters, ...outputSize(s)],
  };
}

const roles = {
  conv2d: ["input", "weight", "output"],
  conv2dInput: ["output", "weight", "input"],
  conv2dWeight: ["input", "output", "weight"],
} as const satisfies Record<ConvolutionOp, unknown>;

/** Runs what was planned and the plain kernel on the same numbers; sums of small integers are exact. */
function runBoth(op: ConvolutionOp, s: ConvolutionSizes, plan: ConvolutionPlan, bias = false) {
  const shapes = shapesOf(s);
  let end = 16;
  const place = (size: number) => {
    const start = end;
    end += size + 16;
    return start;
  };
  const [first, second, output] = roles[op].map((role) => place(elements(shapes[role]))) as [number, number, number];
  const biasAt = place(s.filters);
  for (let i = 0; i < end; i++) floats[i] = ((i * 31) % 15) - 7;
  expect(end * 4 + plan.scratchBytes).toBeLessThan(pages * 65536);
  floats.fill(Number.NaN, end, end + plan.scratchBytes / 4);
  floats.fill(123, end + plan.scratchBytes / 4, end + plan.scratchBytes / 4 + 64);
  const after = end + plan.scratchBytes / 4;
  const expected = floats.slice(0, after + 64);
  const operand = (start: number, shape: Shape) => ({
    ...contiguousLayout(shape),
    dtype: "float32" as const,
    buffer: expected.subarray(start, start + elements(shape)),
  });
  const [a, b, c] = roles[op].map((role) => shapes[role]) as [Shape, Shape, Shape];
  const params = { ...s, activation: "none" as const, inputShape: shapes.input, weightShape: shapes.weight };
  convolutionKernels[op]([operand(first, a), operand(second, b)], operand(output, c), params);
  if (bias) {
    const plane = elements(c.slice(2));
    for (let i = 0; i < elements(c); i++)
      expected[output + i]! += expected[biasAt + (Math.floor(i / plane) % s.filters)]!;
  }
  const places = { first: first * 4, second: second * 4, output: output * 4, bias: biasAt * 4, scratch: end * 4 };
  for (const step of plan.steps(places)) {
    const module = new ModuleBuilder(type);
    step.define(module, "kernel");
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } });
    for (const call of step.calls.toReversed()) (exports.kernel as (...args: number[]) => void)(...call);
  }
  return {
    output,
    actual: [floats.slice(0, end), floats.slice(after, after + 64)],
    expected: [expected.slice(0, end), expected.slice(after)],
  };
}

const pair = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Any sizes whose output is not empty. */
const anySizes: fc.Arbitrary<ConvolutionSizes> = fc
  .record({
    ...{ batch: fc.integer({ min: 0, max: 5 }), groups: fc.constantFrom(1, 1, 1, 2, 3) },
    ...{ channelsOfGroup: fc.integer({ min: 1, max: 5 }), filtersOfGroup: fc.integer({ min: 1, max: 20 }) },
    ...{ kernel: pair(1, 5), stride: fc.oneof(fc.constant([1, 1] as const), pair(1, 4)), padding: pair(0, 4) },
    ...{
      dilation: fc.oneof(fc.constant([1, 1] as const), pair(1, 3)),
      room: fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 36 })),
    },
  })
  .map(({ channelsOfGroup, filtersOfGroup, kernel, room, ...s }) => {
    const along = (axis: 0 | 1) =>
      Math.max(1, s.dilation[axis] * (kernel[axis] - 1) + 1 + room[axis] - 2 * s.padding[axis]);
    return {
      ...s,
      ...{ channels: channelsOfGroup * s.groups, filters: filtersOfGroup * s.groups },
      ...{ height: along(0), width: along(1), kernelHeight: kernel[0], kernelWidth: kernel[1] },
    };
  });

const plain: ConvolutionSizes = {
  ...{ batch: 2, channels: 3, filters: 5, height: 9, width: 9, kernelHeight: 3, kernelWidth: 3, groups: 1 },
  ...{ stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
};

/** What the random sizes do not reach: second blocks, long rows, many taps, nothing to sum. */
const rareSizes: Readonly<Record<string, Partial<ConvolutionSizes>>> = {
  "more channels than fit into a panel": { channels: 150, filters: 70, height: 7, width: 7 },
  "a kernel of many taps": { batch: 1, kernelHeight: 12, kernelWidth: 11, height: 14, width: 13, filters: 20 },
  "a large step": { filters: 24, kernelHeight: 5, kernelWidth: 5, stride: [3, 4], height: 20, width: 60 },
  "long rows": { batch: 1, channels: 1, height: 2, width: 333 },
  "long rows and a step": { batch: 1, height: 4, width: 333, stride: [2, 2], filters: 30 },
  "one row": { height: 1, width: 100, kernelHeight: 1, padding: [0, 1], channels: 8, filters: 40 },
  "one tap": { kernelHeight: 1, kernelWidth: 1, padding: [0, 0], channels: 33, filters: 33, height: 6, width: 6 },
  "one tap and a step": { kernelHeight: 1, kernelWidth: 1, padding: [0, 0], stride: [2, 2], filters: 33 },
  "a group for each channel": { channels: 7, filters: 7, groups: 7, height: 5, width: 12 },
  "two filters for each channel": { channels: 5, filters: 10, groups: 5, height: 5, width: 17 },
  "an image smaller than its frame": { height: 1, width: 1, padding: [4, 4], dilation: [2, 2], filters: 30 },
  "no image": { batch: 0 },
  "no channel": { channels: 0 },
  "no filter": { filters: 0 },
};

describe("a generated convolution equals the plain one, and touches nothing else", () => {
  const ops = ["conv2d", "conv2dInput", "conv2dWeight"] as const;
  describe.each(Object.entries(tiles))("with %s tiles", (_, tile) => {
    it.each(ops)("%s of any sizes", (op) => {
      fc.assert(
        fc.property(anySizes, fc.integer({ min: 1, max: 4 }), fc.boolean(), (s, parts, bias) => {
          const withBias = bias && op === "conv2d";
          const options: ConvolutionOptions = { tile, parts, bias: withBias };
          const { actual, expected } = runBoth(op, s, planConvolution(op, s, options), withBias);
          expect(actual).toEqual(expected);
        }),
        { numRuns: 150 },
      );
    });

    describe.each(Object.entries(rareSizes))("%s", (_, change) => {
      it.each(ops)("%s", (op) => {
        const s = { ...plain, ...change };
        for (const parts of [1, 3]) {
          const { actual, expected } = runBoth(op, s, planConvolution(op, s, { tile, parts }));
          expect(actual).toEqual(expected);
        }
      });
    });
  });

  it.each([5, 40])("applies bias and activation to %i filters", (filters) => {
    const s = { ...plain, filters };
    const { actual, expected, output } = runBoth(
      "conv2d",
      s,
      planConvolution("conv2d", s, { ...two, bias: true, activation: "relu" }),
      true,
    );
    for (let i = output; i < output + elements(shapesOf(s).output); i++)
      expected[0]![i] = Math.max(expected[0]![i]!, 0);
    expect(actual).toEqual(expected);
  });
});

const two: ConvolutionOptions = { tile: tiles.revectorized, parts: 2 };

describe("a plan", () => {
  it("has the same key for the same code only", () => {
    const keyOf = (change: Partial<ConvolutionSizes>, options: Partial<ConvolutionOptions> = {}) => {
      const plan = planConvolution("conv2d", { ...plain, ...change }, { ...two, ...options });
      return plan.steps({ first: 0, second: 0, output: 0, bias: 0, scratch: 0 }).map(({ key }) => key);
    };
    expect(keyOf({})).toEqual(keyOf({}));
    expect(keyOf({ batch: 1 })).toEqual(keyOf({}));
    expect(keyOf({ width: 10 })).not.toEqual(keyOf({}));
    expect(keyOf({}, { bias: true })).not.toEqual(keyOf({}));
    expect(keyOf({}, { activation: "relu" })).not.toEqual(keyOf({}));
  });

  it("gives every thread work, even for one image", () => {
    const s = { ...plain, batch: 1, channels: 64, filters: 64 };
    for (const op of ["conv2d", "conv2dInput", "conv2dWeight"] as const) {
      const steps = planConvolution(op, s, two).steps({ first: 0, second: 0, output: 0, bias: 0, scratch: 0 });
      expect(steps.at(-1)!.calls.length).toBeGreaterThanOrEqual(2);
    }
  });
});
