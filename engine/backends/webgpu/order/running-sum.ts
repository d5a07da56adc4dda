// Running sums. A thread walks a line where there are many lines or short ones; else a workgroup does, tile after tile, and long
// lines are cut: the parts' totals are summed first, which says where each part begins.

import type { DType } from "../../../core/dtype.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { elementType } from "../shader/element-type.ts";
import { laneCount } from "../shader/shader.ts";
import type { Lines } from "./sort-lines.ts";

/** Lines up to this length, or so many beside each other, are walked by threads. */
const [shortLine, manyLines] = [32, 4096];
/** Elements that one invocation adds in a tile, and that a workgroup does at least where a line is cut. */
const [perLane, perPart] = [4, 4096];
/** Workgroups that keep a GPU busy. */
const enoughGroups = 1024;

/** y[k] = x[0] + … + x[k] along every line. Bools are counted. */
export function runningSum(gpu: Gpu, x: Lines, y: GpuBuffer): void {
  const lines = x.outer * x.inner;
  if (x.length <= shortLine || (x.inner >= 32 && lines >= manyLines)) {
    byThreads(gpu, x, y);
    return;
  }
  const wanted = Math.min(Math.ceil(x.length / perPart), Math.floor(enoughGroups / lines));
  const part = Math.ceil(x.length / Math.max(wanted, 1));
  const cuts = Math.ceil(x.length / part);
  if (cuts === 1) {
    byGroups(gpu, x, { part, cuts, starts: undefined }, y);
    return;
  }
  const dtype = x.dtype === "float32" ? "float32" : "int32";
  gpu.scratch(dtype, lines * cuts, (totals) => {
    sumParts(gpu, x, { part, cuts }, totals);
    gpu.scratch(dtype, lines * cuts, (starts) => {
      runningSum(gpu, { buffer: totals, offset: 0, dtype, outer: lines, length: cuts, inner: 1 }, starts);
      byGroups(gpu, x, { part, cuts, starts }, y);
    });
  });
}

interface Cut {
  /** Elements of a part. */
  readonly part: number;
  readonly cuts: number;
}

const uniforms = { offset: "u32", lines: "u32", length: "u32", inner: "u32", part: "u32", cuts: "u32" } as const;

function byThreads(gpu: Gpu, x: Lines, y: GpuBuffer): void {
  const { sum, zero, load } = wordsOf(x.dtype);
  const shader = gpu.shader(`cumsum/${x.dtype}/thread`, () => ({
    reads: { x: elementType(x.dtype) },
    writes: { y: sum },
    uniforms,
    main: `
  if (index >= u.lines) { return; }
  let origin = index / u.inner * u.length * u.inner + index % u.inner;
  // Blocks keep sums of many elements exact to the last bits.
  var before = ${zero};
  var block = ${zero};
  for (var k = 0u; k < u.length; k++) {
    if ((k & 31u) == 0u) { before += block; block = ${zero}; }
    block += ${load(`x[u.offset + origin + k * u.inner]`)};
    y[origin + k * u.inner] = before + block;
  }`,
  }));
  gpu.dispatch(shader, { x: x.buffer, y }, placed(x, { part: x.length, cuts: 1 }), gpu.linear(x.outer * x.inner));
}

function byGroups(gpu: Gpu, x: Lines, cut: Cut & { readonly starts: GpuBuffer | undefined }, y: GpuBuffer): void {
  const { sum, zero, load } = wordsOf(x.dtype);
  const { starts } = cut;
  const shader = gpu.shader(`cumsum/${x.dtype}/group/${starts === undefined ? "whole" : "part"}`, () => ({
    reads: { x: elementType(x.dtype), ...(starts && { starts: sum }) },
    writes: { y: sum },
    uniforms,
    before: `var<workgroup> sums: array<${sum}, ${laneCount}>;`,
    main: `
  ${placeOfPart}
  var before = ${zero};
  ${starts === undefined ? "" : "if (cut > 0u) { before = starts[line * u.cuts + cut - 1u]; }"}
  for (var tile = cut * u.part; tile < end; tile += ${laneCount * perLane}u) {
    var own: array<${sum}, ${perLane}>;
    var total = ${zero};
    for (var i = 0u; i < ${perLane}u; i++) {
      let k = tile + lane * ${perLane}u + i;
      if (k < end) { total += ${load("x[u.offset + origin + k * u.inner]")}; }
      own[i] = total;
    }
    sums[lane] = total;
    workgroupBarrier();
    for (var step = 1u; step < ${laneCount}u; step = step << 1u) {
      var earlier = ${zero};
      if (lane >= step) { earlier = sums[lane - step]; }
      workgroupBarrier();
      sums[lane] += earlier;
      workgroupBarrier();
    }
    var start = before;
    if (lane > 0u) { start += sums[lane - 1u]; }
    for (var i = 0u; i < ${perLane}u; i++) {
      let k = tile + lane * ${perLane}u + i;
      if (k < end) { y[origin + k * u.inner] = start + own[i]; }
    }
    before += sums[${laneCount - 1}u];
    workgroupBarrier();
  }`,
  }));
  const buffers = { x: x.buffer, y, ...(starts && { starts }) } as Record<string, GpuBuffer>;
  gpu.dispatch(shader, buffers as never, placed(x, cut), gpu.lines(x.outer * x.inner * cut.cuts));
}

function sumParts(gpu: Gpu, x: Lines, cut: Cut, totals: GpuBuffer): void {
  const { sum, zero, load } = wordsOf(x.dtype);
  const shader = gpu.shader(`cumsum/${x.dtype}/totals`, () => ({
    reads: { x: elementType(x.dtype) },
    writes: { totals: sum },
    uniforms,
    before: `var<workgroup> sums: array<${sum}, ${laneCount}>;`,
    main: `
  ${placeOfPart}
  var total = ${zero};
  for (var k = cut * u.part + lane; k < end; k += ${laneCount}u) { total += ${load("x[u.offset + origin + k * u.inner]")}; }
  sums[lane] = total;
  workgroupBarrier();
  for (var half = ${laneCount / 2}u; half > 0u; half = half >> 1u) {
    if (lane < half) { sums[lane] += sums[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { totals[number] = sums[0]; }`,
  }));
  gpu.dispatch(shader, { x: x.buffer, totals }, placed(x, cut), gpu.lines(x.outer * x.inner * cut.cuts));
}

/** WGSL: which part of which line is the workgroup's. */
const placeOfPart = `
  let number = group.y * groups.x + group.x;
  if (number >= u.lines * u.cuts) { return; }
  let line = number / u.cuts;
  let cut = number % u.cuts;
  let origin = line / u.inner * u.length * u.inner + line % u.inner;
  let end = min((cut + 1u) * u.part, u.length);`;

function placed({ offset, outer, length, inner }: Lines, { part, cuts }: Cut) {
  return { offset, lines: outer * inner, length, inner, part, cuts };
}

/** What sums are made of. */
function wordsOf(dtype: DType) {
  const load = (element: string) => (dtype === "bool" ? `i32(${element})` : element);
  return dtype === "float32"
    ? ({ sum: "f32", zero: "0.0", load } as const)
    : ({ sum: "i32", zero: "0", load } as const);
}
