// Elements that go to where indices say, added to what is there or instead of it, in the order in which they come: the same
// element is never written by two threads, so that every run gives the same bits. Where there are many lines, a thread walks
// each; else the indices are sorted, and a thread gathers all that goes to one place.

import type { DType } from "../../../core/dtype.ts";
import { around, sizeOf, stridesOf } from "../../../core/shape.ts";
import type { Gpu } from "../gpu.ts";
import { copyElements } from "../kernels/movement.ts";
import type { GpuOperand } from "../memory/gpu-buffer.ts";
import { type SortedLines, sortLines } from "../order/sort-lines.ts";
import { elementType } from "../shader/element-type.ts";
import { coordinates, distance, joined } from "../shader/walk.ts";
import { indexError } from "../watches.ts";

export interface Placing {
  /** Of the op that complains about an index. */
  readonly op: string;
  /** Whether elements are added; else the last one stays. */
  readonly adds: boolean;
  readonly dim: number;
  /** Of source's shape, or one for each slice along `dim`. */
  readonly index: GpuOperand;
  readonly isVector: boolean;
}

/** Indices of a line that a thread may walk, and lines that keep a GPU busy. */
const [shortLine, manyLines] = [32, 8192];

/** y = base with the elements of `source` at the places that the indices name along a dimension. Contiguous operands. */
export function place(gpu: Gpu, base: GpuOperand, source: GpuOperand, y: GpuOperand, placing: Placing): void {
  copyElements(gpu, base, y);
  const { index, isVector, dim } = placing;
  const { outer, length, inner } = around(source.shape, dim);
  if (outer * length * inner === 0) return;
  if (length <= shortLine || outer * inner >= manyLines || sizeOf(y.shape) === 0) {
    walkLines(gpu, source, y, placing);
    return;
  }
  const lines = isVector ? { outer: 1, length, inner: 1 } : { outer, length, inner };
  const { buffer, offset } = index;
  sortLines(gpu, { ...lines, buffer, offset, dtype: "int32" }, false, (sorted) =>
    gatherSorted(gpu, source, y, sorted, placing),
  );
}

/** A thread places all elements of a line, one after the other. */
function walkLines(gpu: Gpu, source: GpuOperand, y: GpuOperand, placing: Placing): void {
  const { op, index, isVector, adds } = placing;
  const { rank, length, ...lines } = linesOf(source, y, placing);
  const type = wordOf(y.dtype, adds);
  const shader = gpu.shader(`${adds ? `add ${y.dtype}` : "place"}/walk/${rank}`, () => ({
    reads: { indices: "i32", source: type },
    writes: { y: type },
    uniforms: { ...lineUniforms(rank), indexOffset: "i32", indexStep: "i32", perLine: "i32" },
    faults: true,
    main: `
  if (index >= u.lines) { return; }
  ${coordinates(rank)}
  let beside = ${distance("sourceStrides", rank)};
  let origin = ${distance("yStrides", rank)};
  for (var k = 0; k < u.count; k++) {
    let to = indices[u.indexOffset + u.perLine * beside + k * u.indexStep];
    if (to < 0 || to >= u.length) { fault(to); return; }
    let at = origin + to * u.yStep;
    let element = source[u.sourceOffset + beside + k * u.sourceStep];
    y[at] = ${adds ? sumOf(y.dtype, "y[at]") : "element"};
  }`,
  }));
  const uniforms = {
    ...lines,
    length,
    indexOffset: index.offset,
    // An index for every element lies as the elements do.
    indexStep: isVector ? 1 : lines.sourceStep,
    perLine: isVector ? 0 : 1,
  };
  const buffers = { indices: index.buffer, source: source.buffer, y: y.buffer };
  gpu.dispatchWatched(shader, buffers, uniforms, gpu.linear(lines.lines), indexError(op, length));
}

/** A thread for every element: the first one that goes to a place takes all others there, too. */
function gatherSorted(gpu: Gpu, source: GpuOperand, y: GpuOperand, sorted: SortedLines, placing: Placing): void {
  const { op, isVector, adds, dim } = placing;
  const { rank, length, ...lines } = linesOf(source, y, placing);
  const type = wordOf(y.dtype, adds);
  const shader = gpu.shader(`${adds ? `add ${y.dtype}` : "place"}/sorted/${rank}`, () => ({
    reads: { keys: "u32", places: "u32", source: type },
    writes: { y: type },
    uniforms: { ...lineUniforms(rank), inner: "u32", perLine: "u32" },
    faults: true,
    main: `
  let count = u32(u.count);
  if (index >= u.lines * count) { return; }
  let k = index / u.inner % count;
  let line = index / u.inner / count * u.inner + index % u.inner;
  let first = line * u.perLine;
  let key = keys[first + k];
  if (k > 0u && keys[first + k - 1u] == key) { return; }
  let to = bitcast<i32>(key ^ 0x80000000u);
  if (to < 0 || to >= u.length) { fault(to); return; }
  ${coordinates(rank, "line")}
  let origin = u.sourceOffset + ${distance("sourceStrides", rank)};
  let at = to * u.yStep + ${distance("yStrides", rank)};
  var sum = y[at];
  for (var next = k; next < count && keys[first + next] == key; next++) {
    let element = source[origin + i32(places[first + next]) * u.sourceStep];
    sum = ${adds ? sumOf(y.dtype, "sum") : "element"};
  }
  y[at] = sum;`,
  }));
  const { inner } = around(source.shape, dim);
  const uniforms = { ...lines, length, inner, perLine: isVector ? 0 : lines.count };
  const buffers = { ...sorted, source: source.buffer, y: y.buffer };
  const groups = gpu.linear(lines.lines * lines.count);
  gpu.dispatchWatched(shader, buffers, uniforms, groups, indexError(op, length));
}

const lineUniforms = <R extends number>(rank: R) =>
  ({
    lines: "u32",
    count: "i32",
    length: "i32",
    sizes: ["u32", rank],
    sourceOffset: "i32",
    sourceStep: "i32",
    sourceStrides: ["i32", rank],
    yStep: "i32",
    yStrides: ["i32", rank],
  }) as const;

/** Where lines of `count` elements are in the source, and those of `length` in y: they are numbered as in the source. */
function linesOf(source: GpuOperand, y: GpuOperand, { dim }: Placing) {
  const beside = source.shape.map((_, d) => d).filter((d) => d !== dim);
  const ofY = stridesOf(y.shape);
  const shape = beside.map((d) => source.shape[d]!);
  const all = [beside.map((d) => source.strides[d]!), beside.map((d) => ofY[d]!)];
  const { count: lines, rank, sizes, strides } = joined(shape, all, [0, 0]);
  return {
    lines,
    rank,
    sizes,
    count: source.shape[dim] ?? 1,
    length: y.shape[dim] ?? 1,
    sourceOffset: source.offset,
    sourceStep: source.strides[dim] ?? 1,
    sourceStrides: strides[0]!,
    yStep: ofY[dim] ?? 1,
    yStrides: strides[1]!,
  };
}

/** What is only moved are words. */
function wordOf(dtype: DType, adds: boolean): "f32" | "i32" | "u32" {
  return adds ? elementType(dtype) : "u32";
}

/** WGSL: a bool stays one. */
function sumOf(dtype: DType, sum: string): string {
  return dtype === "bool" ? `max(${sum}, element)` : `${sum} + element`;
}
