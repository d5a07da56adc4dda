// Pooling and its adjoints, plane by plane.

import { sizeOf } from "../../../core/shape.ts";
import type { AvgPoolParams, MaxPoolParams, Pair } from "../../../ops/table.ts";
import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { addressOf, type HeapOperand } from "../plain-kernels.ts";
import type { PoolOp } from "../pooling/geometry.ts";
import { planPool } from "../pooling/plan.ts";
import type { Runtime } from "../runtime.ts";
import { cost, workerOf } from "./worker.ts";

type Operands = readonly HeapOperand[];

export function poolingKernels(runtime: Runtime) {
  const worker = workerOf(runtime, "pool");

  /** `large` has the planes of the image, `small` those of the windows. */
  const pool = (
    op: PoolOp,
    inputs: Operands,
    y: HeapOperand,
    [large, small]: readonly [HeapOperand, HeapOperand],
    { kernelSize, stride, padding, ...rest }: MaxPoolParams | AvgPoolParams,
  ) => {
    const size = sizeOf(large.shape);
    if (size === 0 || sizeOf(small.shape) === 0) return y.buffer.values.fill(0);
    const geometry = {
      ...{ input: planeOf(large), output: planeOf(small), kernelSize, stride, padding },
      dilation: "dilation" in rest ? rest.dilation : ([1, 1] as const),
      countIncludePad: "countIncludePad" in rest && rest.countIncludePad,
    };
    const planes = large.shape[0]! * large.shape[1]!;
    const addresses = inputs.map(addressOf);
    worker.run(planPool(op, geometry, planes, addresses, y.buffer.address, worker.grain(size, cost.memory)));
  };

  return {
    maxPool2d: (inputs, y, params) => void pool("maxPool2d", inputs, y, [inputs[0], y], params),
    maxPool2dIndices: (inputs, y, params) => void pool("maxPool2dIndices", inputs, y, [inputs[0], y], params),
    maxPool2dInput: (inputs, y, params) => void pool("maxPool2dInput", inputs, y, inputs, params),
    avgPool2d: (inputs, y, params) => void pool("avgPool2d", inputs, y, [inputs[0], y], params),
    avgPool2dInput: (inputs, y, params) => void pool("avgPool2dInput", inputs, y, [y, inputs[0]], params),
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

function planeOf({ shape }: HeapOperand): Pair {
  return [shape[2]!, shape[3]!];
}
