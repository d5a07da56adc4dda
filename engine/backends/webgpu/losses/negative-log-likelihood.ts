// The negative log-likelihood and its gradient, of scores N × C × … and targets N × ….

import { around, sizeOf } from "../../../core/shape.ts";
import type { NllLossParams } from "../../../ops/table.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { indexError } from "../watches.ts";
import { foldLosses, withCount } from "./fold-losses.ts";

export function nllLoss(gpu: Gpu, x: GpuOperand, target: GpuOperand, y: GpuBuffer, params: NllLossParams): void {
  const { length, inner } = around(x.shape, 1);
  const count = sizeOf(target.shape);
  const shader = gpu.shader("nllLoss", () => ({
    reads: { x: "f32", target_: "i32" },
    writes: { losses: "f32" },
    uniforms: { count: "u32", length: "i32", inner: "u32", xOffset: "u32", offset: "u32", ignored: "i32" },
    faults: true,
    main: `
  if (index >= u.count) { return; }
  let label = target_[u.offset + index];
  var loss = 0.0;
  if (label != u.ignored) {
    if (label < 0 || label >= u.length) { fault(label); return; }
    loss = -x[u.xOffset + (index / u.inner * u32(u.length) + u32(label)) * u.inner + index % u.inner];
  }
  losses[index] = loss;`,
  }));
  withLosses(gpu, count, target, y, params, (losses) => {
    const offsets = { xOffset: x.offset, offset: target.offset };
    const uniforms = { count, length, inner, ...offsets, ignored: params.ignoreIndex };
    const buffers = { x: x.buffer, target_: target.buffer, losses };
    gpu.dispatchWatched(shader, buffers, uniforms, gpu.linear(count), indexError("nllLoss", length));
  });
}

/** `write` writes the loss of each target, which are folded into y unless they are what is wanted. */
export function withLosses(
  gpu: Gpu,
  count: number,
  target: GpuOperand,
  y: GpuBuffer,
  params: NllLossParams,
  write: (losses: GpuBuffer) => void,
): void {
  if (params.reduction === "none") {
    write(y);
    return;
  }
  gpu.scratch("float32", count, (losses) => {
    write(losses);
    foldLosses(gpu, losses, target, count, params, y);
  });
}

/** y, of `shape`: the gradient of the scores, which is 0 but for the targets. */
export function nllLossBackward(
  gpu: Gpu,
  grad: GpuOperand,
  target: GpuOperand,
  y: GpuOperand,
  { reduction, ignoreIndex }: NllLossParams,
): void {
  const { length, inner } = around(y.shape, 1);
  const count = sizeOf(y.shape);
  const shader = gpu.shader("nllLossBackward", () => ({
    reads: { grad: "f32", target_: "i32", counted: "i32" },
    writes: { y: "f32" },
    uniforms: {
      count: "u32",
      length: "i32",
      inner: "u32",
      gradOffset: "u32",
      gradStep: "u32",
      offset: "u32",
      ignored: "i32",
      isMean: "u32",
    },
    faults: true,
    main: `
  if (index >= u.count) { return; }
  let i = index / u.inner / u32(u.length) * u.inner + index % u.inner;
  let c = i32(index / u.inner % u32(u.length));
  let label = target_[u.offset + i];
  if (c == 0 && label != u.ignored && (label < 0 || label >= u.length)) { fault(label); }
  var slope = 0.0;
  if (label == c && label != u.ignored) {
    slope = -grad[u.gradOffset + i * u.gradStep];
    if (u.isMean == 1u) { slope /= f32(counted[0]); }
  }
  y[index] = slope;`,
  }));
  const run = (counted: GpuBuffer) => {
    const uniforms = {
      count,
      length,
      inner,
      gradOffset: grad.offset,
      gradStep: reduction === "none" ? 1 : 0,
      offset: target.offset,
      ignored: ignoreIndex,
      isMean: reduction === "mean" ? 1 : 0,
    };
    const buffers = { grad: grad.buffer, target_: target.buffer, counted, y: y.buffer };
    gpu.dispatchWatched(shader, buffers, uniforms, gpu.linear(count), indexError("nllLoss", length));
  };
  if (reduction === "mean" && count > 0) withCount(gpu, target, ignoreIndex, run);
  // Any buffer: the kernel does not read it.
  else run(target.buffer);
}
