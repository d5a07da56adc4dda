import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contiguousLayout } from "../../../core/layout.ts";
import type { Shape } from "../../../core/shape.ts";
import { convolutionKernels } from "../../cpu/convolution.ts";
import { ModuleBuilder } from "../assembler/index.ts";
import { type DirectConvolution, defineDirectConvolution } from "./direct.ts";
import type { ConvolutionSizes } from "./geometry.ts";
import { defineImplicitConvolution, type ImplicitConvolution, scratchBytesOf } from "./implicit.ts";

const pages = 16;
const type = { initialPages: pages, maximumPages: pages, shared: true };

const sizes: fc.Arbitrary<ConvolutionSizes> = fc.record({
  channels: fc.integer({ min: 1, max: 4 }),
  filters: fc.integer({ min: 1, max: 20 }),
  height: fc.integer({ min: 5, max: 9 }),
  width: fc.integer({ min: 12, max: 34 }),
  kernelHeight: fc.integer({ min: 1, max: 5 }),
  kernelWidth: fc.integer({ min: 1, max: 5 }),
});

/** Runs a generated convolution and the plain one on the same numbers, and compares all memory below the scratch space. */
function expectEqual(s: ConvolutionSizes, batch: number, run: (at: readonly number[], module: Run) => void): void {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const floats = new Float32Array(memory.buffer);
  const shapes: readonly Shape[] = [
    [batch, s.channels, s.height, s.width],
    [s.filters, s.channels, s.kernelHeight, s.kernelWidth],
    [s.filters],
    [batch, s.filters, s.height - s.kernelHeight + 1, s.width - s.kernelWidth + 1],
  ];
  let end = 16;
  const at = shapes.map((shape) => {
    const start = end;
    end += shape.reduce((a, b) => a * b, 1) + 16;
    return start;
  });
  for (let i = 0; i < end; i++) floats[i] = ((i * 31) % 15) - 7;
  const expected = floats.slice(0, end);
  run(
    [...at, end].map((place) => place * 4),
    (build) => {
      const module = new ModuleBuilder(type);
      build(module);
      return new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } }).exports.conv;
    },
  );
  const [x, weight, bias, y] = at as [number, number, number, number];
  const operand = (i: number) => ({
    ...contiguousLayout(shapes[i]!),
    dtype: "float32" as const,
    buffer: expected.subarray(at[i]!, at[i]! + shapes[i]!.reduce((a, b) => a * b, 1)),
  });
  convolutionKernels.conv2d([operand(0), operand(1)], operand(3), {
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    groups: 1,
  });
  const plane = shapes[3]![2]! * shapes[3]![3]!;
  for (let i = 0; i < batch * s.filters * plane; i++)
    expected[y + i]! += expected[bias + (Math.floor(i / plane) % s.filters)]!;
  expect([x, weight].every((place) => place > 0)).toBe(true);
  expect(floats.slice(0, end)).toEqual(expected);
}

type Run = (build: (module: ModuleBuilder) => void) => unknown;

describe("a generated convolution equals the plain one, and touches nothing else", () => {
  it.each([
    { filters: 6, vectors: 2 },
    { filters: 6, vectors: 4 },
    { filters: 4, vectors: 4 },
  ])("directly, with tiles of $filters filters and $vectors vectors of columns", (tile) => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 2 }), (s, batch) => {
        expectEqual(s, batch, ([x, weight, bias, y], instantiate) => {
          const conv = instantiate((module) => defineDirectConvolution(module, "conv", s, tile)) as DirectConvolution;
          conv(batch, x!, weight!, bias!, y!);
        });
      }),
    );
  });

  it.each([
    { positions: 6, vectors: 2 },
    { positions: 5, vectors: 4 },
    { positions: 8, vectors: 1 },
  ])("as an implicit product, with tiles of $positions positions and $vectors vectors of filters", (tile) => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 2 }), (s, batch) => {
        expectEqual(s, batch, ([x, weight, bias, y, scratch], instantiate) => {
          const build = (module: ModuleBuilder) => defineImplicitConvolution(module, "conv", s, tile);
          const conv = instantiate(build) as ImplicitConvolution;
          expect(scratch! + scratchBytesOf(s, tile)).toBeLessThan(pages * 65536);
          conv(batch, x!, weight!, bias!, y!, scratch!);
        });
      }),
    );
  });
});

describe("what cannot be is refused", () => {
  const lenet: ConvolutionSizes = { channels: 1, filters: 6, height: 32, width: 32, kernelHeight: 5, kernelWidth: 5 };
  const direct = (change: Partial<ConvolutionSizes>) => () =>
    defineDirectConvolution(new ModuleBuilder(type), "conv", { ...lenet, ...change }, { filters: 6, vectors: 2 });

  it("kernels larger than the image, rows too short for the tile", () => {
    expect(direct({ height: 4 })).toThrow("conv2d: a kernel of 5 × 5 is larger than the image, 4 × 32");
    expect(direct({ width: 7 })).toThrow("an output 3 wide does not fill a vector");
    const implicit = (positions: number) => () =>
      defineImplicitConvolution(new ModuleBuilder(type), "conv", lenet, { positions, vectors: 2 });
    expect(implicit(3)).toThrow("tiles of 3 positions in rows of 28, at least 4");
    expect(implicit(29)).toThrow("tiles of 29 positions in rows of 28");
  });
});
