// Ops along one dimension that keep the shape: running sums, recurrences, sorting.

import { around } from "../../../core/shape.ts";
import type { KernelTable, Operand } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { recur } from "../order/recurrence.ts";
import { runningSum } from "../order/running-sum.ts";
import { type Lines, sortLines } from "../order/sort-lines.ts";
import { copyElements } from "./movement.ts";

export const orderKernels = (gpu: Gpu) =>
  ({
    cumsum: ([x], y, { dim }) => runningSum(gpu, linesOf(x, dim), y.buffer),
    recurrence: ([a, b], y, { dim }) => recur(gpu, linesOf(a, dim), linesOf(b, dim), y.buffer),
    argsort: ([x], y, { dim, descending }) => {
      const { outer, length, inner } = around(x.shape, dim);
      const shape = [outer, inner, length];
      sortLines(gpu, linesOf(x, dim), descending, ({ places }) => {
        const sorted = { buffer: places, shape, strides: [inner * length, length, 1], offset: 0 };
        copyElements(gpu, sorted, { buffer: y.buffer, shape, strides: [length * inner, 1, inner], offset: y.offset });
      });
    },
  }) satisfies Partial<KernelTable<GpuBuffer>>;

/** The lines of a contiguous operand along a dimension. */
export function linesOf({ buffer, offset, dtype, shape }: Operand<GpuBuffer>, dim: number): Lines {
  return { ...around(shape, dim), buffer, offset, dtype };
}
