// Ops that put elements somewhere else, padding and joining: row by row where rows are longer than one element.

import { type DType, sizeBytesOf } from "../../../core/dtype.ts";
import { sizeOf } from "../../../core/shape.ts";
import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { type HeapOperand, runPlain } from "../plain-kernels.ts";
import { planFill } from "../pointwise/fill.ts";
import { planPointwise } from "../pointwise/plan.ts";
import { copyProgram } from "../pointwise/programs.ts";
import type { Runtime } from "../runtime.ts";
import { cost, workerOf } from "./worker.ts";

export function movementKernels(runtime: Runtime) {
  const worker = workerOf(runtime, "movement");
  const copies: Record<DType, ReturnType<typeof copyProgram>> = {
    float32: copyProgram("float32"),
    int32: copyProgram("int32"),
    bool: copyProgram("bool"),
  };

  /** Copies `x` into `y`, from element `start` on. */
  const put = (x: HeapOperand, y: HeapOperand, start: number) => {
    const size = sizeOf(x.shape);
    if (size === 0) return;
    const width = sizeBytesOf(x.dtype, 1);
    const from = { address: x.buffer.address + width * x.offset, strides: x.strides };
    const to = { address: y.buffer.address + width * start, strides: y.strides };
    const grain = worker.grain(size, cost.memory);
    worker.run(planPointwise(copies[x.dtype], x.shape, to, [from], grain));
  };

  return {
    pad: ([x], y, params) => {
      if (!hasRows(x, y)) {
        runPlain("pad", [x], y, params);
        return;
      }
      const { padding, value } = params;
      const size = sizeOf(y.shape);
      const grain = worker.grain(size, cost.memory);
      worker.run(planFill(y.dtype, value, y.buffer.address, size, grain));
      put(
        x,
        y,
        padding.reduce((sum, [before], dim) => sum + before * y.strides[dim]!, 0),
      );
    },
    cat: (inputs, y, params) => {
      if (!inputs.every((x) => hasRows(x, y))) {
        runPlain("cat", inputs, y, params);
        return;
      }
      const { dim } = params;
      let start = 0;
      for (const x of inputs) {
        put(x, y, start * y.strides[dim]!);
        start += x.shape[dim]!;
      }
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

/** Whether what lies side by side in `x` also does in `y`. */
function hasRows(x: HeapOperand, y: HeapOperand): boolean {
  const last = x.shape.findLastIndex((size) => size !== 1);
  return last < 0 || y.strides[last] === 1;
}
