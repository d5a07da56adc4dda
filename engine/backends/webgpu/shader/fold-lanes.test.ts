// Folds of whole workgroups on a device with subgroups, against the same on one without: SwiftShader has subgroups of four.

import { beforeAll, describe, expect, it } from "vitest";
import { gpuForTests, hasSoftwareGpu } from "../../../../test/gpu.ts";
import type { TypedArray } from "../../../core/dtype.ts";
import { contiguousLayout } from "../../../core/layout.ts";
import { sizeOf } from "../../../core/shape.ts";
import { infer } from "../../../ops/inference/inference.ts";
import type { Inputs, Meta, Params } from "../../../ops/table.ts";
import type { ComputedOp, Operand } from "../../backend.ts";
import { distance, drawn, drawnIndices, type Values } from "../against-plain.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { createWebGpuBackend, type WebGpuBackend } from "../webgpu-backend.ts";

const reason = "there is no GPU to test with: SwiftShader is not installed, and LECTERN_DEVICE is not webgpu";
const canRun = hasSoftwareGpu || process.env.LECTERN_DEVICE === "webgpu";

interface Side {
  readonly backend: WebGpuBackend;
  /** Keys of kernels, and whether they use subgroups. */
  readonly kernels: Map<string, boolean>;
}

describe.skipIf(!canRun)(canRun ? "folds of a workgroup" : reason, { timeout: 60_000 }, () => {
  let [withSubgroups, without]: Side[] = [];
  beforeAll(() => {
    [withSubgroups, without] = [true, false].map((subgroups) => {
      const { thread, ...options } = gpuForTests({ subgroups });
      const kernels = new Map<string, boolean>();
      const post: typeof thread.post = (message, transfer) => {
        if (message.kind === "pipeline") kernels.set(message.key, message.code.includes("enable subgroups;"));
        thread.post(message, transfer);
      };
      return { backend: createWebGpuBackend({ ...options, thread: { ...thread, post } }), kernels };
    });
  });

  function on<P extends ComputedOp>({ backend }: Side, op: P, given: readonly Values[], params: Params<P>): TypedArray {
    const operands = given.map(({ shape, values }): Operand<GpuBuffer> => {
      const dtype = values instanceof Float32Array ? "float32" : "int32";
      const buffer = backend.allocate(dtype, values.length);
      backend.write(buffer, values);
      return { ...contiguousLayout(shape), dtype, buffer };
    });
    const { shape, dtype, reserve = 0 } = infer(op, operands as unknown as Inputs<P, Meta>, params);
    const y = { buffer: backend.allocate(dtype, sizeOf(shape)), reserve: backend.allocate("float32", reserve) };
    backend.run(
      op,
      operands as unknown as Inputs<P, Operand<GpuBuffer>>,
      { ...contiguousLayout(shape), dtype, ...y },
      params,
    );
    return backend.readSync(y.buffer, 0, sizeOf(shape));
  }

  /** What both give; with subgroups, twice the same. */
  function both<P extends ComputedOp>(op: P, given: readonly Values[], params: Params<P>) {
    const actual = on(withSubgroups!, op, given, params);
    expect(on(withSubgroups!, op, given, params), "again").toEqual(actual);
    return { actual, expected: on(without!, op, given, params) };
  }

  /** Lines of which some have a NaN, infinities, or nothing but these. */
  function special(): Values {
    const x = drawn([6, 2000], 3);
    const { values } = x;
    values[777] = Number.NaN;
    values[2000 + 1300] = Number.POSITIVE_INFINITY;
    values[4000 + 5] = Number.NEGATIVE_INFINITY;
    values.fill(Number.NEGATIVE_INFINITY, 6000, 8000);
    values.fill(Number.NaN, 8000, 10_000);
    return x;
  }

  it("knows which device it has, and uses subgroups only there", () => {
    expect(without!.backend.info.features).not.toContain("subgroups");
    const x = [drawn([2, 2000], 1)];
    for (const side of [withSubgroups!, without!]) on(side, "sum", x, { dims: [1], keepdim: false });
    const [key, usesThem] = [...withSubgroups!.kernels].find(([name]) => name.startsWith("sum"))!;
    expect(usesThem).toBe(withSubgroups!.backend.info.features.includes("subgroups"));
    expect(without!.kernels.get(key)).toBe(false);
  });

  it.each(["sum", "mean"] as const)("%s is the same but for the order of its terms", (op) => {
    for (const shape of [
      [3, 1024],
      [5, 2000],
      [1, 300_000],
    ]) {
      const { actual, expected } = both(op, [drawn(shape, 2)], { dims: [1], keepdim: false });
      expect(distance(actual, expected)).toBeLessThan(4 * 2 ** -24 * Math.sqrt(shape[1]!));
    }
    const { actual, expected } = both(op, [special()], { dims: [1], keepdim: false });
    expect(distance(actual, expected)).toBeLessThan(1e-5);
    expect(actual[0]).toBeNaN();
    expect(actual[1]).toBe(Number.POSITIVE_INFINITY);
  });

  it.each(["amax", "amin"] as const)("%s is the same, with NaN and infinities", (op) => {
    const { actual, expected } = both(op, [special()], { dims: [1], keepdim: false });
    expect(actual).toEqual(expected);
    expect(actual[0]).toBeNaN();
    expect(actual[3]).toBe(Number.NEGATIVE_INFINITY);
    expect(actual[4]).toBeNaN();
  });

  it("sums, products and extrema of integers are the same, to the last bit", () => {
    const x = drawnIndices([4, 3000], 5, 2 ** 30);
    for (const op of ["sum", "prod", "amax", "amin"] as const) {
      const params = { dims: [1], dim: 1, keepdim: false };
      const { actual, expected } = both(op, [x], params);
      expect(actual, op).toEqual(expected);
    }
  });

  it("softmax and its gradient are the same but for the order of terms, NaN and infinities included", () => {
    const { actual, expected } = both("softmax", [special()], { dim: 1 });
    expect(distance(actual, expected)).toBeLessThan(1e-6);
    expect(actual[0]).toBeNaN();
    const slopes = both("softmaxBackward", [drawn([6, 2000], 4), drawn([6, 2000], 5)], { dim: 1 });
    expect(distance(slopes.actual, slopes.expected)).toBeLessThan(1e-4);
  });

  it("cross-entropy of many classes is the same but for the order of terms", () => {
    const inputs = [drawn([3, 2000], 6, 5), drawnIndices([3], 7, 2000)];
    const { actual, expected } = both("crossEntropy", inputs, { reduction: "mean", ignoreIndex: -100 });
    expect(distance(actual, expected)).toBeLessThan(1e-6);
  });
});
