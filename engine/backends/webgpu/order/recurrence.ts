// Linear recurrences, step after step: products of many factors would leave the range of float32 where the values do not. A thread
// walks a line; where there are few lines, a workgroup fetches tiles of one for it.

import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { elementType } from "../shader/element-type.ts";
import { laneCount } from "../shader/shader.ts";
import type { Lines } from "./sort-lines.ts";

/** Of so many lines, threads walk one each, or where neighbours are of different lines. */
const manyLines = 1024;
const tileLength = 1024;

/** y[k] = a[k] · y[k - 1] + b[k] along every line; `a` lies like `b` from its own offset on. */
export function recur(gpu: Gpu, a: Lines, b: Lines, y: GpuBuffer): void {
  const lines = b.outer * b.inner;
  const byThreads = lines >= manyLines || b.inner >= 32 || b.length <= 32;
  const type = elementType(b.dtype);
  const shader = gpu.shader(`recurrence/${type}/${byThreads ? "thread" : "group"}`, () => ({
    reads: { a: type, b: type },
    writes: { y: type },
    uniforms: { aOffset: "u32", bOffset: "u32", lines: "u32", length: "u32", inner: "u32" },
    before: byThreads ? "" : `var<workgroup> factors: array<${type}, ${tileLength}>;\n${termsOf(type)}`,
    main: byThreads ? walkByThread : walkByGroup,
  }));
  const { length, inner } = b;
  const uniforms = { aOffset: a.offset, bOffset: b.offset, lines, length, inner };
  const groups = byThreads ? gpu.linear(lines) : gpu.lines(lines);
  gpu.dispatch(shader, { a: a.buffer, b: b.buffer, y }, uniforms, groups);
}

const termsOf = (type: string) => `var<workgroup> values: array<${type}, ${tileLength}>;`;

/** The first factor has nothing before it, and counts for nothing even if it is infinite. */
const walkByThread = `
  if (index >= u.lines || u.length == 0u) { return; }
  let origin = index / u.inner * u.length * u.inner + index % u.inner;
  var value = b[u.bOffset + origin];
  y[origin] = value;
  for (var k = 1u; k < u.length; k++) {
    let at = origin + k * u.inner;
    value = a[u.aOffset + at] * value + b[u.bOffset + at];
    y[at] = value;
  }`;

const walkByGroup = `
  let line = group.y * groups.x + group.x;
  if (line >= u.lines) { return; }
  let origin = line / u.inner * u.length * u.inner + line % u.inner;
  var value = b[u.bOffset + origin];
  for (var tile = 0u; tile < u.length; tile += ${tileLength}u) {
    let length = min(${tileLength}u, u.length - tile);
    for (var k = lane; k < length; k += ${laneCount}u) {
      let at = origin + (tile + k) * u.inner;
      factors[k] = a[u.aOffset + at];
      values[k] = b[u.bOffset + at];
    }
    workgroupBarrier();
    if (lane == 0u) {
      for (var k = 0u; k < length; k++) {
        if (tile + k > 0u) { value = factors[k] * value + values[k]; }
        values[k] = value;
      }
    }
    workgroupBarrier();
    for (var k = lane; k < length; k += ${laneCount}u) { y[origin + (tile + k) * u.inner] = values[k]; }
    workgroupBarrier();
  }`;
