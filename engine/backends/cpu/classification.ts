// CPU kernels of softmax, its logarithm and the negative log-likelihood. The largest logit is subtracted first, so that
// no exponential overflows.

import type { TypedArray } from "../../core/dtype.ts";
import { around, type Shape } from "../../core/shape.ts";
import type { KernelTable } from "../backend.ts";
import { checked } from "./indexing.ts";

export const classificationKernels = {
  softmax: ([x], y, { dim }) => {
    eachLine(x.buffer, x.shape, dim, (start, length, stride, largest, total) => {
      for (let k = 0; k < length; k++) {
        const at = start + k * stride;
        y.buffer[at] = Math.exp(x.buffer[at]! - largest) / total;
      }
    });
  },
  logSoftmax: ([x], y, { dim }) => {
    eachLine(x.buffer, x.shape, dim, (start, length, stride, largest, total) => {
      const logTotal = Math.log(total);
      for (let k = 0; k < length; k++) {
        const at = start + k * stride;
        y.buffer[at] = x.buffer[at]! - largest - logTotal;
      }
    });
  },
  nllLoss: ([logits, target], y, { reduction, ignoreIndex }) => {
    const { length, inner } = around(logits.shape, 1);
    let total = 0;
    let count = 0;
    if (reduction === "none") y.buffer.fill(0);
    for (let i = 0; i < target.buffer.length; i++) {
      if (target.buffer[i] === ignoreIndex) continue;
      count++;
      const sample = Math.floor(i / inner);
      const label = checked("nllLoss", target.buffer[i]!, length);
      const loss = -logits.buffer[(sample * length + label) * inner + (i % inner)]!;
      total += loss;
      if (reduction === "none") y.buffer[i] = loss;
    }
    if (reduction !== "none") y.buffer[0] = reduction === "mean" ? total / count : total;
  },
} satisfies Partial<KernelTable<TypedArray>>;

type VisitLine = (start: number, length: number, stride: number, largest: number, total: number) => void;

/** Visits every line along `dim` with its largest value and the sum of the exponentials of its distances to that. */
function eachLine(values: TypedArray, shape: Shape, dim: number, visit: VisitLine): void {
  const { outer, length, inner } = around(shape, dim);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * length * inner + i;
      let largest = -Infinity;
      for (let k = 0; k < length; k++) largest = Math.max(largest, values[start + k * inner]!);
      let total = 0;
      for (let k = 0; k < length; k++) total += Math.exp(values[start + k * inner]! - largest);
      visit(start, length, inner, largest, total);
    }
  }
}
