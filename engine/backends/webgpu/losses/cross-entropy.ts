// The cross-entropy of rows of logits and its gradient. Some lanes of a workgroup share a row; the probabilities stay for the
// gradient.

import { sizeOf } from "../../../core/shape.ts";
import type { NllLossParams } from "../../../ops/table.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { adding, foldLanes, largest } from "../shader/fold-lanes.ts";
import { laneCount } from "../shader/shader.ts";
import { indexError } from "../watches.ts";
import { withCount } from "./fold-losses.ts";
import { withLosses } from "./negative-log-likelihood.ts";

/** Probabilities go to `reserve`. */
export function crossEntropy(
  gpu: Gpu,
  x: GpuOperand,
  target: GpuOperand,
  y: GpuBuffer,
  reserve: GpuBuffer,
  params: NllLossParams,
): void {
  const [rows, classes] = x.shape as [number, number];
  const lanes = classes <= 64 ? 8 : classes <= 1024 ? 64 : laneCount;
  const rowsPerGroup = laneCount / lanes;
  const shader = gpu.shader(`crossEntropy/${lanes}`, () => ({
    reads: { x: "f32", target_: "i32" },
    writes: { probabilities: "f32", losses: "f32" },
    uniforms: { rows: "u32", classes: "u32", xOffset: "u32", offset: "u32", ignored: "i32" },
    faults: true,
    before: `var<workgroup> shared_: array<f32, ${laneCount}>;`,
    main: `
  let row = (group.y * groups.x + group.x) * ${rowsPerGroup}u + lane / ${lanes}u;
  let own = lane % ${lanes}u;
  let start = row * u.classes;
  // Rows after the last one are empty: their lanes only wait.
  let end = select(0u, u.classes, row < u.rows);
  var largest = -infinity();
  for (var c = own; c < end; c += ${lanes}u) { largest = largerOf(largest, x[u.xOffset + start + c]); }
  ${foldLanes(gpu, "largest", "shared_", lanes, largest)}
  workgroupBarrier();
  var total = 0.0;
  for (var c = own; c < end; c += ${lanes}u) { total += expOf(x[u.xOffset + start + c] - largest); }
  ${foldLanes(gpu, "total", "shared_", lanes, adding)}
  let shift = logOf(total);
  for (var c = own; c < end; c += ${lanes}u) {
    probabilities[start + c] = expOf(x[u.xOffset + start + c] - largest - shift);
  }
  if (own > 0u || row >= u.rows) { return; }
  let label = target_[u.offset + row];
  var loss = 0.0;
  if (label != u.ignored) {
    if (label < 0 || label >= i32(u.classes)) { fault(label); return; }
    loss = -(x[u.xOffset + start + u32(label)] - largest - shift);
  }
  losses[row] = loss;`,
  }));
  withLosses(gpu, rows, target, y, params, (losses) => {
    const uniforms = { rows, classes, xOffset: x.offset, offset: target.offset, ignored: params.ignoreIndex };
    const buffers = { x: x.buffer, target_: target.buffer, probabilities: reserve, losses };
    const groups = gpu.lines(Math.ceil(rows / rowsPerGroup));
    gpu.dispatchWatched(shader, buffers, uniforms, groups, indexError("nllLoss", classes));
  });
}

/** y = share · (probability - 1 for the target), the share being the loss's gradient over the targets that count. */
export function crossEntropyBackward(
  gpu: Gpu,
  grad: GpuOperand,
  target: GpuOperand,
  probabilities: GpuOperand,
  y: GpuOperand,
  { reduction, ignoreIndex }: NllLossParams,
): void {
  const [count, classes] = [sizeOf(y.shape), y.shape[1]!];
  const shader = gpu.shader("crossEntropyBackward", () => ({
    reads: { grad: "f32", target_: "i32", probabilities: "f32", counted: "i32" },
    writes: { y: "f32" },
    uniforms: {
      count: "u32",
      classes: "u32",
      gradOffset: "u32",
      gradStep: "u32",
      offset: "u32",
      probabilitiesOffset: "u32",
      ignored: "i32",
      isMean: "u32",
    },
    main: `
  if (index >= u.count) { return; }
  let row = index / u.classes;
  let label = target_[u.offset + row];
  var slope = 0.0;
  if (label != u.ignored) {
    var share = grad[u.gradOffset + row * u.gradStep];
    if (u.isMean == 1u) { share /= f32(counted[0]); }
    slope = share * probabilities[u.probabilitiesOffset + index];
    if (label == i32(index % u.classes)) { slope -= share; }
  }
  y[index] = slope;`,
  }));
  const run = (counted: GpuBuffer) => {
    const uniforms = {
      count,
      classes,
      gradOffset: grad.offset,
      gradStep: reduction === "none" ? 1 : 0,
      offset: target.offset,
      probabilitiesOffset: probabilities.offset,
      ignored: ignoreIndex,
      isMean: reduction === "mean" ? 1 : 0,
    };
    const inputs = { grad: grad.buffer, target_: target.buffer, probabilities: probabilities.buffer, counted };
    gpu.dispatch(shader, { ...inputs, y: y.buffer }, uniforms, gpu.linear(count));
  };
  if (reduction === "mean" && count > 0) withCount(gpu, target, ignoreIndex, run);
  // Any buffer: the kernel does not read it.
  else run(target.buffer);
}
