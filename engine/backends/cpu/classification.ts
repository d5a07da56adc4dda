// CPU kernels of softmax, its logarithm and the negative log-likelihood. The largest logit is subtracted first, so that
// no exponential overflows.

import type { TypedArray } from "../../core/dtype.ts";
import { around, type Shape } from "../../core/shape.ts";
import type { KernelTable } from "../backend.ts";
import { checked } from "./indexing.ts";

export const classificationKernels = {
  softmax: ([x], y, { dim }) => {
    eachBlock(x.buffer, x.shape, dim, ({ start, length, largest, totals }) => {
      totals.fill(0);
      const inner = totals.length;
      for (let k = 0; k < length; k++) {
        const row = start + k * inner;
        for (let i = 0; i < inner; i++) {
          const power = Math.exp(x.buffer[row + i]! - largest[i]!);
          y.buffer[row + i] = power;
          totals[i]! += power;
        }
      }
      for (let k = 0; k < length; k++) {
        const row = start + k * inner;
        for (let i = 0; i < inner; i++) y.buffer[row + i]! /= totals[i]!;
      }
    });
  },
  logSoftmax: ([x], y, { dim }) => {
    const { length, inner } = around(x.shape, dim);
    if (inner === 1) return logSoftmaxOfRows(x.buffer, y.buffer, length);
    eachBlock(x.buffer, x.shape, dim, ({ start, largest, totals }) => {
      totals.fill(0);
      for (let k = 0; k < length; k++) {
        const row = start + k * inner;
        for (let i = 0; i < inner; i++) totals[i]! += Math.exp(x.buffer[row + i]! - largest[i]!);
      }
      for (let i = 0; i < inner; i++) totals[i] = Math.log(totals[i]!);
      for (let k = 0; k < length; k++) {
        const row = start + k * inner;
        for (let i = 0; i < inner; i++) y.buffer[row + i] = x.buffer[row + i]! - largest[i]! - totals[i]!;
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
  mseLoss: ([x, target], y, { reduction }) => {
    const size = x.buffer.length;
    let total = 0;
    for (let i = 0; i < size; i++) {
      const error = (x.buffer[i]! - target.buffer[i]!) ** 2;
      total += error;
      if (reduction === "none") y.buffer[i] = error;
    }
    if (reduction !== "none") y.buffer[0] = reduction === "mean" ? total / size : total;
  },
  mseLossBackward: ([grad, x, target], y, { reduction }) => {
    const share = reduction === "mean" ? 2 / x.buffer.length : 2;
    for (let i = 0; i < x.buffer.length; i++) {
      y.buffer[i] = share * grad.buffer[reduction === "none" ? i : 0]! * (x.buffer[i]! - target.buffer[i]!);
    }
  },
  crossEntropy: (inputs, y, params) => {
    const [x] = inputs;
    const probabilities = { ...x, buffer: y.reserve! };
    classificationKernels.logSoftmax([x], probabilities, { dim: 1 });
    classificationKernels.nllLoss([probabilities, inputs[1]], y, params);
    for (let i = 0; i < probabilities.buffer.length; i++) probabilities.buffer[i] = Math.exp(probabilities.buffer[i]!);
  },
  crossEntropyBackward: ([grad, target, { buffer: probabilities }], y, { reduction, ignoreIndex }) => {
    const classes = y.shape[1]!;
    const count = reduction === "mean" ? countOf(target.buffer, ignoreIndex) : 1;
    for (let i = 0; i < target.buffer.length; i++) {
      const share = target.buffer[i] === ignoreIndex ? 0 : grad.buffer[reduction === "none" ? i : 0]! / count;
      for (let at = i * classes; at < (i + 1) * classes; at++) y.buffer[at] = share * probabilities[at]!;
      if (target.buffer[i] !== ignoreIndex) y.buffer[i * classes + target.buffer[i]!]! -= share;
    }
  },
  softmaxBackward: ([grad, output], y, { dim }) => {
    eachLine(y.shape, dim, (start, length, step) => {
      let total = 0;
      for (let k = 0, at = start; k < length; k++, at += step) total += grad.buffer[at]! * output.buffer[at]!;
      for (let k = 0, at = start; k < length; k++, at += step) {
        y.buffer[at] = output.buffer[at]! * (grad.buffer[at]! - total);
      }
    });
  },
  logSoftmaxBackward: ([grad, output], y, { dim }) => {
    eachLine(y.shape, dim, (start, length, step) => {
      let total = 0;
      for (let k = 0, at = start; k < length; k++, at += step) total += grad.buffer[at]!;
      for (let k = 0, at = start; k < length; k++, at += step) {
        y.buffer[at] = grad.buffer[at]! - Math.exp(output.buffer[at]!) * total;
      }
    });
  },
  nllLossBackward: ([grad, target], y, { reduction, ignoreIndex }) => {
    const { length, inner } = around(y.shape, 1);
    y.buffer.fill(0);
    const count = reduction === "mean" ? countOf(target.buffer, ignoreIndex) : 1;
    for (let i = 0; i < target.buffer.length; i++) {
      if (target.buffer[i] === ignoreIndex) continue;
      const label = checked("nllLoss", target.buffer[i]!, length);
      const share = grad.buffer[reduction === "none" ? i : 0]! / count;
      y.buffer[(Math.floor(i / inner) * length + label) * inner + (i % inner)] = -share;
    }
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** Targets that count. */
export function countOf(targets: TypedArray, ignoreIndex: number): number {
  let count = 0;
  for (let i = 0; i < targets.length; i++) if (targets[i] !== ignoreIndex) count++;
  return count;
}

/** Visits the lines along `dim`: where each starts, and from element to element. */
function eachLine(shape: Shape, dim: number, visit: (start: number, length: number, step: number) => void): void {
  const { outer, length, inner } = around(shape, dim);
  for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) visit(o * length * inner + i, length, inner);
}

/** Rows of classes, the usual case: no line lies beside another, so one number is enough for each sum. */
function logSoftmaxOfRows(x: TypedArray, y: TypedArray, length: number): void {
  for (let start = 0; start < x.length; start += length) {
    let largest = -Infinity;
    for (let k = 0; k < length; k++) largest = Math.max(largest, x[start + k]!);
    let total = 0;
    for (let k = 0; k < length; k++) total += Math.exp(x[start + k]! - largest);
    const shift = Math.log(total);
    for (let k = 0; k < length; k++) y[start + k] = x[start + k]! - largest - shift;
  }
}

/** The lines along a dimension that lie side by side in memory; `totals` is scratch, with one place for each. */
interface Block {
  readonly start: number;
  readonly length: number;
  readonly largest: Float64Array;
  readonly totals: Float64Array;
}

/** Visits all blocks of lines along `dim` with the largest value of each line. Memory is walked row by row. */
function eachBlock(values: TypedArray, shape: Shape, dim: number, visit: (block: Block) => void): void {
  const { outer, length, inner } = around(shape, dim);
  const largest = new Float64Array(inner);
  const totals = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    const start = o * length * inner;
    largest.fill(-Infinity);
    for (let k = 0; k < length; k++) {
      const row = start + k * inner;
      for (let i = 0; i < inner; i++) {
        const value = values[row + i]!;
        if (value > largest[i]! || Number.isNaN(value)) largest[i] = value;
      }
    }
    visit({ start, length, largest, totals });
  }
}
