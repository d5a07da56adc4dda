// The mean squared error and its gradient. Errors are written first, and folded unless they are what is wanted.

import { sizeOf } from "../../../core/shape.ts";
import type { Reduction } from "../../../ops/table.ts";
import type { Gpu } from "../gpu.ts";
import { foldAlong } from "../kernels/fold.ts";
import { fillElements } from "../kernels/movement.ts";
import { meanOf, sumOf } from "../kernels/reduction.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";

export function mseLoss(gpu: Gpu, x: GpuOperand, target: GpuOperand, y: GpuOperand, reduction: Reduction): void {
  const count = sizeOf(x.shape);
  const shader = gpu.shader("mseLoss", () => ({
    reads: { x: "f32", target_: "f32" },
    writes: { y: "f32" },
    uniforms: { count: "u32", xOffset: "u32", targetOffset: "u32" },
    main: `
  if (index >= u.count) { return; }
  let error = x[u.xOffset + index] - target_[u.targetOffset + index];
  y[index] = error * error;`,
  }));
  const write = (errors: GpuBuffer) => {
    const buffers = { x: x.buffer, target_: target.buffer, y: errors };
    gpu.dispatch(shader, buffers, { count, xOffset: x.offset, targetOffset: target.offset }, gpu.linear(count));
  };
  if (reduction === "none") write(y.buffer);
  else if (count === 0) fillElements(gpu, y, reduction === "mean" ? Number.NaN : 0);
  else {
    gpu.scratch("float32", count, (errors) => {
      write(errors);
      const all: GpuOperand = { buffer: errors, dtype: "float32", shape: [count], strides: [1], offset: 0 };
      foldAlong(gpu, (reduction === "mean" ? meanOf : sumOf)("float32"), all, [0], y);
    });
  }
}

export function mseLossBackward(
  gpu: Gpu,
  grad: GpuOperand,
  x: GpuOperand,
  target: GpuOperand,
  y: GpuBuffer,
  reduction: Reduction,
): void {
  const count = sizeOf(x.shape);
  const shader = gpu.shader("mseLossBackward", () => ({
    reads: { grad: "f32", x: "f32", target_: "f32" },
    writes: { y: "f32" },
    uniforms: {
      count: "u32",
      gradOffset: "u32",
      gradStep: "u32",
      xOffset: "u32",
      targetOffset: "u32",
      share: "f32",
    },
    main: `
  if (index >= u.count) { return; }
  let error = x[u.xOffset + index] - target_[u.targetOffset + index];
  y[index] = u.share * grad[u.gradOffset + index * u.gradStep] * error;`,
  }));
  const uniforms = {
    count,
    gradOffset: grad.offset,
    gradStep: reduction === "none" ? 1 : 0,
    xOffset: x.offset,
    targetOffset: target.offset,
    share: reduction === "mean" ? 2 / count : 2,
  };
  const buffers = { grad: grad.buffer, x: x.buffer, target_: target.buffer, y };
  gpu.dispatch(shader, buffers, uniforms, gpu.linear(count));
}
