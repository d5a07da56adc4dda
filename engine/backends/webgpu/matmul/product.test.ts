// Products whose operands are bound as vectors of four, and the same numbers where no vector fits: the same bits, by other kernels.

import { beforeAll, describe, expect, it } from "vitest";
import { gpuForTests, hasSoftwareGpu } from "../../../../test/gpu.ts";
import { contiguousLayout } from "../../../core/layout.ts";
import { type Shape, sizeOf } from "../../../core/shape.ts";
import type { Activation } from "../../../ops/table.ts";
import type { Operand } from "../../backend.ts";
import { drawn } from "../against-plain.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { createWebGpuBackend, type WebGpuBackend } from "../webgpu-backend.ts";

const reason = "there is no GPU to test with: SwiftShader is not installed, and LECTERN_DEVICE is not webgpu";
const canRun = hasSoftwareGpu || process.env.LECTERN_DEVICE === "webgpu";

// A software GPU takes seconds to compile a tile.
describe.skipIf(!canRun)(canRun ? "products on the GPU" : reason, { timeout: 60_000 }, () => {
  let backend: WebGpuBackend;
  const pipelines: string[] = [];
  beforeAll(() => {
    const { thread, ...options } = gpuForTests();
    const post: typeof thread.post = (message, transfer) => {
      if (message.kind === "pipeline" && message.key.startsWith("matmul")) pipelines.push(message.key);
      thread.post(message, transfer);
    };
    backend = createWebGpuBackend({ ...options, thread: { ...thread, post } });
  });

  /** Numbers behind `offset` others. */
  function placed(shape: Shape, seed: number, offset: number): Operand<GpuBuffer> {
    const { values } = drawn(shape, seed);
    const buffer = backend.allocate("float32", offset + values.length);
    const all = new Float32Array(offset + values.length).fill(Number.NaN);
    all.set(values, offset);
    backend.write(buffer, all);
    return { ...contiguousLayout(shape), dtype: "float32", offset, buffer };
  }

  /** The bits of a product, and the kernel that is new since the last one. */
  function bitsOf(run: (y: Operand<GpuBuffer>) => void, shape: Shape, offset: number) {
    const y = placed(shape, 9, offset);
    pipelines.length = 0;
    run(y);
    const values = backend.readSync(y.buffer, offset, sizeOf(shape)) as Float32Array;
    return { bits: new Int32Array(values.buffer, values.byteOffset, values.length), kernel: pipelines[0] };
  }

  interface Product {
    readonly lhs: Shape;
    readonly rhs: Shape;
    readonly y: Shape;
    readonly transposes: readonly [lhs: boolean, rhs: boolean];
    readonly reads: string;
  }

  function product({ lhs, rhs, y, transposes: [transposeLhs, transposeRhs] }: Product, offset: number) {
    const operands = [placed(lhs, 1, offset), placed(rhs, 2, offset)] as const;
    return bitsOf((to) => backend.run("matmul", operands, to, { transposeLhs, transposeRhs }), y, offset);
  }

  /** Where bits are not the same. */
  const difference = (one: Int32Array, other: Int32Array): number => one.findIndex((word, i) => word !== other[i]);

  it.each<Product>([
    { lhs: [36, 44], rhs: [44, 52], y: [36, 52], transposes: [false, false], reads: "inner/side" },
    { lhs: [44, 36], rhs: [44, 52], y: [36, 52], transposes: [true, false], reads: "side/side" },
    { lhs: [36, 44], rhs: [52, 44], y: [36, 52], transposes: [false, true], reads: "inner/inner" },
    { lhs: [44, 36], rhs: [52, 44], y: [36, 52], transposes: [true, true], reads: "side/inner" },
    { lhs: [3, 1, 12, 20], rhs: [2, 20, 16], y: [3, 2, 12, 16], transposes: [false, false], reads: "inner/side" },
    // The middle tile and the large one, and an inner dimension in parts.
    { lhs: [64, 68, 8], rhs: [8, 68], y: [64, 68, 68], transposes: [false, false], reads: "inner/side" },
    { lhs: [64, 132, 8], rhs: [8, 132], y: [64, 132, 132], transposes: [false, false], reads: "inner/side" },
    { lhs: [20, 1600], rhs: [1600, 36], y: [20, 36], transposes: [false, false], reads: "inner/side" },
  ])("of $lhs and $rhs, transposed $transposes, read and write vectors, to the same bits", (sizes) => {
    const vectors = product(sizes, 4);
    const scalars = product(sizes, 3);
    const kinds = (type: string) => `/${sizes.reads.replace("/", ` ${type}/`)} ${type}/`;
    // Of kernels that another case has made already, there is nothing to be seen.
    expect(vectors.kernel ?? kinds("vec4f")).toContain(kinds("vec4f"));
    expect(scalars.kernel ?? kinds("f32")).toContain(kinds("f32"));
    expect(vectors.bits.some((word) => word !== 0)).toBe(true);
    expect(difference(vectors.bits, scalars.bits)).toBe(-1);
  });

  it.each<[sizes: [rows: number, inner: number, columns: number], kernel: string]>([
    [[12, 16, 12], "inner vec4f/side vec4f/vec4f"],
    [[13, 16, 12], "inner vec4f/side vec4f/vec4f"],
    [[12, 15, 12], "inner f32/side vec4f/vec4f"],
    [[12, 16, 10], "inner vec4f/side f32/f32"],
  ])(
    "of %j, rows, inner and columns, have vectors wherever a dimension in memory is made of fours",
    (sizes, kernel) => {
      const [rows, inner, columns] = sizes;
      const got = product(
        { lhs: [rows, inner], rhs: [inner, columns], y: [rows, columns], transposes: [false, false], reads: "" },
        0,
      );
      expect(got.kernel ?? kernel).toContain(kernel);
      const scalars = product(
        { lhs: [rows, inner], rhs: [inner, columns], y: [rows, columns], transposes: [false, false], reads: "" },
        1,
      );
      expect(difference(got.bits, scalars.bits)).toBe(-1);
    },
  );

  it.each<Activation>(["none", "relu", "tanh"])("of a linear layer with %s end in vectors, too", (activation) => {
    const [vectors, scalars] = [8, 5].map((offset) => {
      const operands = [placed([20, 24], 1, offset), placed([28, 24], 2, offset), placed([28], 3, offset)] as const;
      return bitsOf((y) => backend.run("linear", operands, y, { activation }), [20, 28], offset);
    });
    expect(vectors!.kernel).toContain(`inner vec4f/inner vec4f/vec4f/1/bias/${activation}`);
    expect(scalars!.kernel).toContain(`inner f32/inner f32/f32/1/bias/${activation}`);
    expect(difference(vectors!.bits, scalars!.bits)).toBe(-1);
  });
});
