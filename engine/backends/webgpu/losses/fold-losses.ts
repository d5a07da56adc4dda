// One loss of many: their sum, or their mean over the targets that count. A workgroup folds each part, and one folds the parts.

import type { Reduction } from "../../../ops/table.ts";
import type { Gpu } from "../gpu.ts";
import type { Fold } from "../kernels/fold.ts";
import { foldAlong } from "../kernels/fold.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { laneCount } from "../shader/shader.ts";

/** Losses that a workgroup adds at least. */
const perPart = 4096;
const mostParts = 1024;

/** y = the sum, or mean, of `losses`, of which those of ignored targets are 0 and count for nothing. */
export function foldLosses(
  gpu: Gpu,
  losses: GpuBuffer,
  target: GpuOperand,
  count: number,
  { reduction, ignoreIndex }: { readonly reduction: Reduction; readonly ignoreIndex: number },
  y: GpuBuffer,
): void {
  const part = Math.ceil(count / Math.min(Math.max(Math.ceil(count / perPart), 1), mostParts));
  const parts = Math.max(Math.ceil(count / Math.max(part, 1)), 1);
  gpu.scratch("float32", parts, (totals) =>
    gpu.scratch("int32", parts, (counts) => {
      const first = gpu.shader("losses/parts", () => ({
        reads: { losses: "f32", target_: "i32" },
        writes: { totals: "f32", counts: "i32" },
        uniforms: { count: "u32", part: "u32", offset: "u32", ignored: "i32" },
        before: workgroupMemory,
        main: `
  let number = group.y * groups.x + group.x;
  let end = min((number + 1u) * u.part, u.count);
  var total = 0.0;
  var counted = 0;
  for (var i = number * u.part + lane; i < end; i += ${laneCount}u) {
    total += losses[i];
    counted += select(1, 0, target_[u.offset + i] == u.ignored);
  }
  ${foldLanes}
  if (lane == 0u) { totals[number] = sums[0]; counts[number] = numbers[0]; }`,
      }));
      const buffers = { losses, target_: target.buffer, totals, counts };
      gpu.dispatch(first, buffers, { count, part, offset: target.offset, ignored: ignoreIndex }, [parts, 1, 1]);
      const last = gpu.shader("losses/all", () => ({
        reads: { totals: "f32", counts: "i32" },
        writes: { y: "f32" },
        uniforms: { parts: "u32", isMean: "u32" },
        before: workgroupMemory,
        main: `
  var total = 0.0;
  var counted = 0;
  for (var i = lane; i < u.parts; i += ${laneCount}u) { total += totals[i]; counted += counts[i]; }
  ${foldLanes}
  if (lane > 0u) { return; }
  var loss = sums[0];
  if (u.isMean == 1u) {
    if (numbers[0] == 0) { loss = nan(); } else { loss = loss / f32(numbers[0]); }
  }
  y[0] = loss;`,
      }));
      gpu.dispatch(last, { totals, counts, y }, { parts, isMean: reduction === "mean" ? 1 : 0 }, [1, 1, 1]);
    }),
  );
}

/** Hands `use` a buffer with the number of targets that count. */
export function withCount(gpu: Gpu, target: GpuOperand, ignoreIndex: number, use: (count: GpuBuffer) => void): void {
  gpu.scratch("int32", 1, (buffer) => {
    const y: GpuOperand = { buffer, dtype: "int32", shape: [], strides: [], offset: 0 };
    foldAlong(
      gpu,
      countOf(ignoreIndex),
      target,
      target.shape.map((_, dim) => dim),
      y,
    );
    use(buffer);
  });
}

const countOf = (ignoreIndex: number): Fold => ({
  key: `count but ${ignoreIndex}`,
  parts: ["int32"],
  start: "State(0)",
  load: `State(select(1, 0, x == ${ignoreIndex}))`,
  combine: "return State(a.v0 + b.v0);",
  ofSubgroup: "State(subgroupAdd(s.v0))",
  result: "s.v0",
});

const workgroupMemory = `
var<workgroup> sums: array<f32, ${laneCount}>;
var<workgroup> numbers: array<i32, ${laneCount}>;`;

/** WGSL: `total` and `counted` of all lanes, in the first places of `sums` and `numbers`. */
const foldLanes = `
  sums[lane] = total;
  numbers[lane] = counted;
  workgroupBarrier();
  for (var half = ${laneCount / 2}u; half > 0u; half = half >> 1u) {
    if (lane < half) { sums[lane] += sums[lane + half]; numbers[lane] += numbers[lane + half]; }
    workgroupBarrier();
  }`;
