// Elements that indices name: gather, whole slices, and one-hot vectors. Elements are words, whatever their dtype.

import { broadcastStrides } from "../../../core/layout.ts";
import { around, type Shape, sizeOf } from "../../../core/shape.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuOperand } from "../memory/gpu-buffer.ts";
import { coordinates, distance, joined } from "../shader/walk.ts";
import { indexError } from "../watches.ts";

/** y = x, but for the place along `dim`, which `index` tells: it broadcasts to y's shape. Any layouts. */
export function pick(gpu: Gpu, op: string, x: GpuOperand, index: GpuOperand, y: GpuOperand, dim: number): void {
  const beside = x.strides.map((stride, d) => (d === dim ? 0 : stride));
  const all = [broadcastStrides(index, y.shape), beside];
  const { count, rank, sizes, offsets, strides } = joined(y.shape, all, [index.offset, x.offset]);
  const shader = gpu.shader(`pick/${rank}`, () => ({
    reads: { indices: "i32", x: "u32" },
    writes: { y: "u32" },
    uniforms: {
      count: "u32",
      length: "i32",
      step: "i32",
      sizes: ["u32", rank],
      indexOffset: "i32",
      indexStrides: ["i32", rank],
      xOffset: "i32",
      xStrides: ["i32", rank],
    },
    faults: true,
    main: `
  if (index >= u.count) { return; }
  ${coordinates(rank)}
  let k = indices[u.indexOffset + ${distance("indexStrides", rank)}];
  if (k < 0 || k >= u.length) { fault(k); return; }
  y[index] = x[u.xOffset + k * u.step + ${distance("xStrides", rank)}];`,
  }));
  const { length } = around(x.shape, dim);
  const uniforms = {
    count,
    length,
    step: x.strides[dim] ?? 1,
    sizes,
    indexOffset: offsets[0]!,
    indexStrides: strides[0]!,
    xOffset: offsets[1]!,
    xStrides: strides[1]!,
  };
  gpu.dispatchWatched(
    shader,
    { indices: index.buffer, x: x.buffer, y: y.buffer },
    uniforms,
    gpu.linear(count),
    indexError(op, length),
  );
}

/** The same elements along `dim`, which stand still along all others: a vector that broadcasts to a shape of `rank` dimensions. */
export function along(vector: GpuOperand, rank: number, dim: number): GpuOperand {
  const shape: Shape = Array.from({ length: rank }, (_, d) => (d === dim ? sizeOf(vector.shape) : 1));
  return { ...vector, shape, strides: shape.map((_, d) => (d === dim ? vector.strides[0]! : 0)) };
}

/** y [..., classes] = 1 where the class is the index, else 0. */
export function oneHot(gpu: Gpu, index: GpuOperand, y: GpuOperand, classes: number): void {
  const shader = gpu.shader("oneHot", () => ({
    reads: { indices: "i32" },
    writes: { y: "i32" },
    uniforms: { count: "u32", classes: "u32", offset: "u32" },
    faults: true,
    main: `
  if (index >= u.count) { return; }
  let width = max(u.classes, 1u);
  let k = indices[u.offset + index / width];
  let place = index % width;
  if (place == 0u && (k < 0 || k >= i32(u.classes))) { fault(k); }
  if (u.classes > 0u) { y[index] = select(0, 1, k == i32(place)); }`,
  }));
  const count = sizeOf(index.shape) * Math.max(classes, 1);
  const uniforms = { count, classes, offset: index.offset };
  const groups = gpu.linear(count);
  gpu.dispatchWatched(shader, { indices: index.buffer, y: y.buffer }, uniforms, groups, indexError("oneHot", classes));
}
