// Ops that move elements without changing them, as words whatever their dtype: contiguous, pad, cat. All are one kernel that
// reads any layout and writes any layout.

import type { Layout } from "../../../core/layout.ts";
import { sizeOf, stridesOf } from "../../../core/shape.ts";
import type { KernelTable, Operand } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { coordinates, distance, joined } from "../shader/walk.ts";

export const stridedMovement = ["contiguous", "pad", "cat"] as const;

export const movementKernels = (gpu: Gpu) =>
  ({
    contiguous: ([x], y) => copyElements(gpu, x, y),
    pad: ([x], y, { padding, value }) => {
      if (padding.some(([before, after]) => before > 0 || after > 0)) fillElements(gpu, y, value);
      const strides = stridesOf(y.shape);
      const offset = padding.reduce((sum, [before], dim) => sum + before * strides[dim]!, y.offset);
      copyElements(gpu, x, { buffer: y.buffer, shape: x.shape, strides, offset });
    },
    cat: (inputs, y, { dim }) => {
      const strides = stridesOf(y.shape);
      let start = 0;
      for (const x of inputs) {
        copyElements(gpu, x, { buffer: y.buffer, shape: x.shape, strides, offset: y.offset + start * strides[dim]! });
        start += x.shape[dim]!;
      }
    },
  }) satisfies Partial<KernelTable<GpuBuffer>>;

interface Place extends Layout {
  readonly buffer: GpuBuffer;
}

/** Copies the elements of `x` to where `y`, of the same shape, has them. */
export function copyElements(gpu: Gpu, x: Place, y: Place): void {
  const { count, rank, sizes, offsets, strides } = joined(x.shape, [x.strides, y.strides], [x.offset, y.offset]);
  const shader = gpu.shader(`copy/${rank}`, () => ({
    reads: { x: "u32" },
    writes: { y: "u32" },
    uniforms: {
      count: "u32",
      sizes: ["u32", rank],
      xOffset: "i32",
      xStrides: ["i32", rank],
      yOffset: "i32",
      yStrides: ["i32", rank],
    },
    main: `
  if (index >= u.count) { return; }
  ${coordinates(rank)}
  y[u.yOffset + ${distance("yStrides", rank)}] = x[u.xOffset + ${distance("xStrides", rank)}];`,
  }));
  const uniforms = {
    count,
    sizes,
    xOffset: offsets[0]!,
    xStrides: strides[0]!,
    yOffset: offsets[1]!,
    yStrides: strides[1]!,
  };
  gpu.dispatch(shader, { x: x.buffer, y: y.buffer }, uniforms, gpu.linear(count));
}

/** Sets all elements of a contiguous operand. */
export function fillElements(gpu: Gpu, y: Operand<GpuBuffer>, value: number): void {
  const type = y.dtype === "float32" ? "f32" : "i32";
  const shader = gpu.shader(`fill/${type}`, () => ({
    reads: {},
    writes: { y: type },
    uniforms: { count: "u32", offset: "u32", value: type },
    main: "if (index < u.count) { y[u.offset + index] = u.value; }",
  }));
  const count = sizeOf(y.shape);
  gpu.dispatch(shader, { y: y.buffer }, { count, offset: y.offset, value }, gpu.linear(count));
}
