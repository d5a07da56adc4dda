// Softmax, its logarithm and their gradients along one dimension.

import { around, sizeOf } from "../../../core/shape.ts";
import type { DimParams } from "../../../ops/table.ts";
import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import type { HeapOperand } from "../plain-kernels.ts";
import type { Runtime } from "../runtime.ts";
import { planSoftmax } from "../softmax/plan.ts";
import type { SoftmaxOp } from "../softmax/rows.ts";
import { cost, workerOf } from "./worker.ts";

export function softmaxKernels(runtime: Runtime) {
  const worker = workerOf(runtime, "softmax");

  const along = (op: SoftmaxOp, inputs: readonly HeapOperand[], y: HeapOperand, { dim }: DimParams) => {
    const size = sizeOf(y.shape);
    if (size === 0) return;
    const addresses = inputs.map(({ buffer, offset }) => buffer.address + 4 * offset);
    const grain = worker.grain(size, cost.function);
    worker.run(planSoftmax(op, around(y.shape, dim), addresses, y.buffer.address, grain));
  };

  return {
    softmax: (inputs, y, params) => along("softmax", inputs, y, params),
    logSoftmax: (inputs, y, params) => along("logSoftmax", inputs, y, params),
    softmaxBackward: ([grad, output], y, params) => along("softmaxGradient", [output, grad], y, params),
    logSoftmaxBackward: ([grad, output], y, params) => along("logSoftmaxGradient", [output, grad], y, params),
  } satisfies Partial<KernelTable<HeapBuffer>>;
}
