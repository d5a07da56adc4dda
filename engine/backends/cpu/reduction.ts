// CPU kernels: sums, means, extrema, products. Sums run in float64, so the order of the elements does not show.

import type { TypedArray } from "../../core/dtype.ts";
import { contiguousLayout } from "../../core/layout.ts";
import { reducedShape, sizeOf } from "../../core/shape.ts";
import type { ReduceParams } from "../../ops/table.ts";
import type { KernelTable, Operand } from "../backend.ts";
import { eachLine } from "./lines.ts";
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
  amin: ([x], y, { dims }) => {
    y.buffer.fill(y.dtype === "float32" ? Infinity : y.dtype === "int32" ? 2 ** 31 - 1 : 1);
    eachRun(x.shape, [contiguousLayout(reducedShape(x.shape, dims, true))], (n, ix, [iy], [sy]) => {
      for (let i = 0; i < n; i++) {
        const at = iy! + i * sy!;
        y.buffer[at] = Math.min(y.buffer[at]!, x.buffer[ix + i]!);
      }
    });
  },
  argmax: ([x], y, { dim }) => {
    eachLine(x.shape, dim, (line, start, length, stride) => {
      y.buffer[line] = extreme(x.buffer, start, length, stride, 1);
    });
  },
  argmin: ([x], y, { dim }) => {
    eachLine(x.shape, dim, (line, start, length, stride) => {
      y.buffer[line] = extreme(x.buffer, start, length, stride, -1);
    });
  },
  prod: ([x], y, { dim }) => {
    eachLine(x.shape, dim, (line, start, length, stride) => {
      let product = 1;
      for (let k = 0; k < length; k++) product *= x.buffer[start + k * stride]!;
      y.buffer[line] = product;
    });
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** Where along a line the largest element times `sign` is. A NaN is found before everything, as in torch. */
function extreme(values: TypedArray, start: number, length: number, stride: number, sign: 1 | -1): number {
  let best = 0;
  let found = values[start]! * sign;
  for (let k = 1; k < length; k++) {
    const value = values[start + k * stride]! * sign;
    if (value > found || (Number.isNaN(value) && !Number.isNaN(found))) {
      best = k;
      found = value;
    }
  }
  return best;
}

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
