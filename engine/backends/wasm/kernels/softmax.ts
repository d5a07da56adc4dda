// Softmax, its logarithm and their gradients along one dimension; cross-entropy of rows.

import { around, sizeOf } from "../../../core/shape.ts";
import type { DimParams } from "../../../ops/table.ts";
import type { KernelTable } from "../../backend.ts";
import { countOf } from "../../cpu/classification.ts";
import { checked } from "../../cpu/indexing.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { addressOf, type HeapOperand } from "../plain-kernels.ts";
import type { Runtime } from "../runtime.ts";
import { planCrossEntropy, planCrossEntropyGradient, planSoftmax } from "../softmax/plan.ts";
import type { SoftmaxOp } from "../softmax/rows.ts";
import { cost, workerOf } from "./worker.ts";

export function softmaxKernels(runtime: Runtime) {
  const worker = workerOf(runtime, "softmax");

  const along = (op: SoftmaxOp, inputs: readonly HeapOperand[], y: HeapOperand, { dim }: DimParams) => {
    const size = sizeOf(y.shape);
    if (size === 0) return;
    const addresses = inputs.map(addressOf);
    const grain = worker.grain(size, cost.function);
    worker.run(planSoftmax(op, around(y.shape, dim), addresses, y.buffer.address, grain));
  };

  /** Rows of classes with their targets, which are looked at here: kernels know no errors. */
  const rowsOf = (target: HeapOperand, classes: number, ignore: number) => {
    const rows = sizeOf(target.shape);
    const values = target.buffer.values;
    for (let i = target.offset; i < target.offset + rows; i++) {
      if (values[i] !== ignore) checked("nllLoss", values[i]!, classes);
    }
    const targets = addressOf(target);
    return { rows, classes, targets, ignore, grain: worker.grain(rows * classes, cost.function) };
  };

  return {
    crossEntropy: ([logits, target], y, { reduction, ignoreIndex }) => {
      const [rows, classes] = logits.shape as [number, number];
      const losses = reduction === "none" ? y.buffer.address : runtime.scratch.address(0, 4 * rows);
      const at = { logits: addressOf(logits), losses, probabilities: y.reserve!.address };
      worker.run(planCrossEntropy(rowsOf(target, classes, ignoreIndex), at));
      if (reduction === "none") return;
      const total = runtime.scratch.floats(losses, rows).reduce((sum, loss) => sum + loss, 0);
      y.buffer.values[0] =
        reduction === "sum"
          ? total
          : total / countOf(target.buffer.values.subarray(target.offset, target.offset + rows), ignoreIndex);
    },
    crossEntropyBackward: ([grad, target, reserve], y, { reduction, ignoreIndex }) => {
      const classes = y.shape[1]!;
      let scales = addressOf(grad);
      if (reduction === "mean") {
        const count = countOf(
          target.buffer.values.subarray(target.offset, target.offset + sizeOf(target.shape)),
          ignoreIndex,
        );
        scales = runtime.scratch.address(0, 4);
        runtime.scratch.floats(scales, 1)[0] = grad.buffer.values[grad.offset]! / count;
      }
      const at = { probabilities: addressOf(reserve), scales, result: y.buffer.address };
      worker.run(planCrossEntropyGradient(rowsOf(target, classes, ignoreIndex), at, reduction === "none"));
    },
    softmax: (inputs, y, params) => along("softmax", inputs, y, params),
    logSoftmax: (inputs, y, params) => along("logSoftmax", inputs, y, params),
    softmaxBackward: ([grad, output], y, params) => along("softmaxGradient", [output, grad], y, params),
    logSoftmaxBackward: ([grad, output], y, params) => along("logSoftmaxGradient", [output, grad], y, params),
  } satisfies Partial<KernelTable<HeapBuffer>>;
}
