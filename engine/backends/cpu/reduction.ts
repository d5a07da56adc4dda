// CPU kernels: sums, means, maxima. Sums run in float64, so the order of the elements does not show.

import type { TypedArray } from "../../core/dtype.ts";
import { contiguousLayout } from "../../core/layout.ts";
import { around, reducedShape, sizeOf } from "../../core/shape.ts";
import type { ReduceParams } from "../../ops/table.ts";
import type { KernelTable, Operand } from "../backend.ts";
import { eachRun } from "./runs.ts";

export const reductionKernels = {
  sum: ([x], y, params) => y.buffer.set(totals(x, params)),
  mean: ([x], y, params) => {
    const count = sizeOf(x.shape) / sizeOf(y.shape);
    const sums = totals(x, params);
    for (let i = 0; i < sums.length; i++) y.buffer[i] = sums[i]! / count;
  },
  amax: ([x], y, { dims }) => {
    y.buffer.fill(y.dtype === "float32" ? -Infinity : y.dtype === "int32" ? -(2 ** 31) : 0);
    eachRun(x.shape, [contiguousLayout(reducedShape(x.shape, dims, true))], (n, ix, [iy], [sy]) => {
      for (let i = 0; i < n; i++) {
        const at = iy! + i * sy!;
        y.buffer[at] = Math.max(y.buffer[at]!, x.buffer[ix + i]!);
      }
    });
  },
  argmax: ([x], y, { dim }) => {
    const { outer, length, inner } = around(x.shape, dim);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const start = o * length * inner + i;
        let best = 0;
        let largest = x.buffer[start]!;
        for (let k = 1; k < length; k++) {
          const value = x.buffer[start + k * inner]!;
          // A NaN is larger than everything, as in torch.
          if (value > largest || (Number.isNaN(value) && !Number.isNaN(largest))) {
            best = k;
            largest = value;
          }
        }
        y.buffer[o * inner + i] = best;
      }
    }
  },
} satisfies Partial<KernelTable<TypedArray>>;

function totals(x: Operand<TypedArray>, { dims }: ReduceParams): Float64Array {
  const kept = reducedShape(x.shape, dims, true);
  const sums = new Float64Array(sizeOf(kept));
  const values = x.buffer;
  eachRun(x.shape, [contiguousLayout(kept)], (n, ix, [iy], [sy]) => {
    if (sy === 0) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += values[ix + i]!;
      sums[iy!]! += sum;
    } else {
      for (let i = 0; i < n; i++) sums[iy! + i]! += values[ix + i]!;
    }
  });
  return sums;
}
