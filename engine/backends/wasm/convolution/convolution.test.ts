import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contiguousLayout } from "../../../core/layout.ts";
import type { Shape } from "../../../core/shape.ts";
import { convolutionKernels } from "../../cpu/convolution.ts";
import { ModuleBuilder } from "../assembler/index.ts";
import { tiles } from "../matmul/matmul.ts";
import { type ConvolutionSizes, outputSize } from "./geometry.ts";
import { type ConvolutionOp, type ConvolutionOptions, type ConvolutionPlan, planConvolution } from "./plan.ts";

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
  const params = { ...s, inputShape: shapes.input, weightShape: shapes.weight };
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

describe("a generated convolution equals the plain one, and touches nothing else", () => {
  describe.each(Object.entries(tiles))("with %s tiles", (_, tile) => {
    it.each(["conv2d", "conv2dInput", "conv2dWeight"] as const)("%s of any sizes", (op) => {
      fc.assert(
        fc.property(anySizes, fc.integer({ min: 1, max: 4 }), fc.boolean(), (s, parts, bias) => {
          const withBias = bias && op === "conv2d";
          const options: ConvolutionOptions = { tile, parts, epilogue: { bias: withBias ? "row" : "none" } };
          const { actual, expected } = runBoth(op, s, planConvolution(op, s, options), withBias);
          expect(actual).toEqual(expected);
        }),
        { numRuns: 150 },
      );
    });
  });
});
