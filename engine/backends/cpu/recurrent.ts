// CPU kernels of recurrent layers over whole sequences, forwards and backwards, row after row of the batch. What lies in
// a reserve, says ops/inference/recurrent.ts.

import type { TypedArray } from "../../core/dtype.ts";
import type { Nonlinearity } from "../../ops/table.ts";
import type { KernelTable, Operand, Output } from "../backend.ts";

/** A part of a buffer as a matrix: one row for each step and row of the batch. */
class Rows {
  readonly #values: TypedArray;
  readonly #start: number;
  readonly #width: number;
  readonly #rows: number;

  constructor(values: TypedArray, start: number, rows: number, width: number) {
    this.#values = values;
    this.#start = start;
    this.#rows = rows;
    this.#width = width;
  }

  /** Row `row` of step `t`. */
  at(t: number, row: number): TypedArray {
    const from = this.#start + (t * this.#rows + row) * this.#width;
    return this.#values.subarray(from, from + this.#width);
  }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

const phis: Readonly<Record<Nonlinearity, (x: number) => number>> = {
  tanh: Math.tanh,
  relu: (x) => Math.max(x, 0),
};

/** dy/dx of y = φ(x), from y. */
const slopes: Readonly<Record<Nonlinearity, (y: number) => number>> = {
  tanh: (y) => 1 - y * y,
  relu: (y) => (y <= 0 ? 0 : 1),
};

/** Row `j` of the weight, times h. */
function product(weight: TypedArray, j: number, h: TypedArray): number {
  let sum = 0;
  for (let k = 0; k < h.length; k++) sum += weight[j * h.length + k]! * h[k]!;
  return sum;
}

/** sum[k] += Σ gradient[j] · weight[first + j, k] */
function addTransposed(weight: TypedArray, first: number, gradient: TypedArray, sum: Float64Array): void {
  for (let j = 0; j < gradient.length; j++) {
    for (let k = 0; k < sum.length; k++) sum[k]! += gradient[j]! * weight[(first + j) * sum.length + k]!;
  }
}

/** Steps, rows and units of states `h0 … hT`, after which come `extra` more. */
function sizesOf({ shape }: Operand<TypedArray>, extra = 0) {
  const [steps, rows, hidden] = shape as [number, number, number];
  return { steps: steps - 1 - extra, rows, hidden, size: rows * hidden };
}

/** Inference has asked for one. */
function reserveOf({ reserve }: Output<TypedArray>): TypedArray {
  return reserve!;
}

export const recurrentKernels = {
  rnn: ([pre, weight, h0], y, { nonlinearity }) => {
    const { steps, rows, hidden } = sizesOf(y);
    const [inputs, states] = [new Rows(pre.buffer, 0, rows, hidden), new Rows(y.buffer, 0, rows, hidden)];
    const phi = phis[nonlinearity];
    y.buffer.set(h0.buffer);
    for (let t = 0; t < steps; t++) {
      for (let row = 0; row < rows; row++) {
        const [x, before, h] = [inputs.at(t, row), states.at(t, row), states.at(t + 1, row)];
        for (let j = 0; j < hidden; j++) h[j] = phi(x[j]! + product(weight.buffer, j, before));
      }
    }
  },
  rnnBackward: ([grad, weight, output], y, { nonlinearity }) => {
    const { steps, rows, hidden, size } = sizesOf(grad);
    const [dStates, states] = [new Rows(grad.buffer, 0, rows, hidden), new Rows(output.buffer, 0, rows, hidden)];
    const [dPre, dH0] = [new Rows(y.buffer, 0, rows, hidden), new Rows(y.buffer, steps * size, rows, hidden)];
    const slope = slopes[nonlinearity];
    for (let row = 0; row < rows; row++) {
      const dh = Float64Array.from(dStates.at(steps, row));
      for (let t = steps - 1; t >= 0; t--) {
        const [h, d] = [states.at(t + 1, row), dPre.at(t, row)];
        for (let j = 0; j < hidden; j++) d[j] = dh[j]! * slope(h[j]!);
        dh.set(dStates.at(t, row));
        addTransposed(weight.buffer, 0, d, dh);
      }
      dH0.at(0, row).set(dh);
    }
  },
  gru: ([pre, weight, bias, h0], y) => {
    const { steps, rows, hidden, size } = sizesOf(y);
    const [inputs, states] = [new Rows(pre.buffer, 0, rows, 3 * hidden), new Rows(y.buffer, 0, rows, hidden)];
    const reserve = reserveOf(y);
    const gates = new Rows(reserve, 0, rows, 3 * hidden);
    const fresh = new Rows(reserve, 3 * steps * size, rows, hidden);
    y.buffer.set(h0.buffer);
    for (let t = 0; t < steps; t++) {
      for (let row = 0; row < rows; row++) {
        const [x, before, h] = [inputs.at(t, row), states.at(t, row), states.at(t + 1, row)];
        const [gate, u] = [gates.at(t, row), fresh.at(t, row)];
        for (let j = 0; j < 2 * hidden; j++) gate[j] = sigmoid(x[j]! + product(weight.buffer, j, before));
        for (let j = 0; j < hidden; j++) {
          u[j] = product(weight.buffer, 2 * hidden + j, before) + bias.buffer[j]!;
          const [r, z] = [gate[j]!, gate[hidden + j]!];
          const n = Math.tanh(x[2 * hidden + j]! + r * u[j]!);
          gate[2 * hidden + j] = n;
          h[j] = n + z * (before[j]! - n);
        }
      }
    }
  },
  gruBackward: ([grad, weight, output, reserve], y) => {
    const { steps, rows, hidden, size } = sizesOf(grad);
    const [dStates, states] = [new Rows(grad.buffer, 0, rows, hidden), new Rows(output.buffer, 0, rows, hidden)];
    const gates = new Rows(reserve.buffer, 0, rows, 3 * hidden);
    const fresh = new Rows(reserve.buffer, 3 * steps * size, rows, hidden);
    const [dPre, dFresh] = [
      new Rows(y.buffer, 0, rows, 3 * hidden),
      new Rows(y.buffer, 3 * steps * size, rows, hidden),
    ];
    const dH0 = new Rows(y.buffer, 4 * steps * size, rows, hidden);
    for (let row = 0; row < rows; row++) {
      let dh = Float64Array.from(dStates.at(steps, row));
      for (let t = steps - 1; t >= 0; t--) {
        const [gate, u, before] = [gates.at(t, row), fresh.at(t, row), states.at(t, row)];
        const [d, dU, next] = [dPre.at(t, row), dFresh.at(t, row), Float64Array.from(dStates.at(t, row))];
        for (let j = 0; j < hidden; j++) {
          const [r, z, n] = [gate[j]!, gate[hidden + j]!, gate[2 * hidden + j]!];
          const dN = dh[j]! * (1 - z) * (1 - n * n);
          d[j] = dN * u[j]! * r * (1 - r);
          d[hidden + j] = dh[j]! * (before[j]! - n) * z * (1 - z);
          d[2 * hidden + j] = dN;
          dU[j] = dN * r;
          next[j]! += dh[j]! * z;
        }
        addTransposed(weight.buffer, 0, d.subarray(0, 2 * hidden), next);
        addTransposed(weight.buffer, 2 * hidden, dU, next);
        dh = next;
      }
      dH0.at(0, row).set(dh);
    }
  },
  lstm: ([pre, weight, h0, c0], y) => {
    const { steps, rows, hidden, size } = sizesOf(y, 1);
    const reserve = reserveOf(y);
    const [inputs, states] = [new Rows(pre.buffer, 0, rows, 4 * hidden), new Rows(y.buffer, 0, rows, hidden)];
    const [cells, given] = [new Rows(reserve, 0, rows, hidden), new Rows(c0.buffer, 0, rows, hidden)];
    const gates = new Rows(reserve, steps * size, rows, 4 * hidden);
    y.buffer.set(h0.buffer);
    for (let row = 0; row < rows; row++) {
      let cBefore = given.at(0, row);
      for (let t = 0; t < steps; t++) {
        const [x, gate, h, c] = [inputs.at(t, row), gates.at(t, row), states.at(t + 1, row), cells.at(t, row)];
        for (let j = 0; j < 4 * hidden; j++) {
          const sum = x[j]! + product(weight.buffer, j, states.at(t, row));
          gate[j] = Math.floor(j / hidden) === 2 ? Math.tanh(sum) : sigmoid(sum);
        }
        for (let j = 0; j < hidden; j++) {
          const [i, f, g, o] = [gate[j]!, gate[hidden + j]!, gate[2 * hidden + j]!, gate[3 * hidden + j]!];
          c[j] = f * cBefore[j]! + i * g;
          h[j] = o * Math.tanh(c[j]!);
        }
        cBefore = c;
      }
      states.at(steps + 1, row).set(cBefore);
    }
  },
  lstmBackward: ([grad, weight, , reserve, c0], y) => {
    const { steps, rows, hidden, size } = sizesOf(grad, 1);
    const dStates = new Rows(grad.buffer, 0, rows, hidden);
    const cells = new Rows(reserve.buffer, 0, rows, hidden);
    const [gates, given] = [
      new Rows(reserve.buffer, steps * size, rows, 4 * hidden),
      new Rows(c0.buffer, 0, rows, hidden),
    ];
    const dPre = new Rows(y.buffer, 0, rows, 4 * hidden);
    const dStart = new Rows(y.buffer, 4 * steps * size, rows, hidden);
    for (let row = 0; row < rows; row++) {
      const [dh, dc] = [Float64Array.from(dStates.at(steps, row)), Float64Array.from(dStates.at(steps + 1, row))];
      for (let t = steps - 1; t >= 0; t--) {
        const [gate, c, d] = [gates.at(t, row), cells.at(t, row), dPre.at(t, row)];
        const cBefore = t > 0 ? cells.at(t - 1, row) : given.at(0, row);
        for (let j = 0; j < hidden; j++) {
          const [i, f, g, o] = [gate[j]!, gate[hidden + j]!, gate[2 * hidden + j]!, gate[3 * hidden + j]!];
          const out = Math.tanh(c[j]!);
          dc[j]! += dh[j]! * o * (1 - out * out);
          d[j] = dc[j]! * g * i * (1 - i);
          d[hidden + j] = dc[j]! * cBefore[j]! * f * (1 - f);
          d[2 * hidden + j] = dc[j]! * i * (1 - g * g);
          d[3 * hidden + j] = dh[j]! * out * o * (1 - o);
          dc[j]! *= f;
        }
        dh.set(dStates.at(t, row));
        addTransposed(weight.buffer, 0, d, dh);
      }
      dStart.at(0, row).set(dh);
      dStart.at(1, row).set(dc);
    }
  },
} satisfies Partial<KernelTable<TypedArray>>;
