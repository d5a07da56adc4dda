// What a recurrent cell does to one unit of one row in one step, as WGSL, forwards and backwards. How steps follow each other and
// how products with the weight are made, says walk-forward.ts and walk-backward.ts; what lies in a reserve, ops/inference/recurrent.ts.

import type { Nonlinearity } from "../../../ops/table.ts";

/**
 * Texts see `t`, `H` = u.hidden, `size` = N·H, `at` and `gateAt`: the unit's places in [T, N, H] and in the first gate of
 * [T, N, gates·H].
 */
export interface Cell {
  readonly key: string;
  readonly gates: number;
  /** Operands beside `pre` and `weight`, and whether there is a reserve. */
  readonly extras: readonly ("bias" | "c0")[];
  readonly hasReserve: boolean;
  /** States in the output after the last step's. */
  readonly endStates: 0 | 1;
  /** From the products `sums` of the gates' weights with the state: sets `h`. */
  readonly forward: string;
  /** What gradients of the states before depend on beside the weights, in `carry`: what it starts from, after the last step. */
  readonly carry: "none" | "adds to the state" | "is of the cell";
  /** From `dh` and `carry`: sets `carry` and `d`, the gradients of the products; writes those of `pre` to y. */
  readonly backward: string;
  /** `d` of gate-wise number `j`, of a row in step `t` whose `at` and `gateAt` for unit 0 are given, from y. */
  readonly opened: string;
}

export const rnnCells: Readonly<Record<Nonlinearity, Cell>> = {
  tanh: rnn("tanh", "tanhOf(x)", "1.0 - state * state"),
  relu: rnn("relu", "largerOf(x, 0.0)", "select(1.0, 0.0, state <= 0.0)"),
};

function rnn(name: string, phi: string, slope: string): Cell {
  return {
    key: `rnn ${name}`,
    gates: 1,
    extras: [],
    hasReserve: false,
    endStates: 0,
    forward: `
    let x = pre[u.preOffset + gateAt] + sums[0];
    h = ${phi};`,
    carry: "none",
    backward: `
    let state = states[u.statesOffset + at + size];
    d[0] = dh * (${slope});
    y[gateAt] = d[0];`,
    opened: "y[gateAt + j]",
  };
}

export const gruCell: Cell = {
  key: "gru",
  gates: 3,
  extras: ["bias"],
  hasReserve: true,
  endStates: 0,
  forward: `
    let r = sigmoidOf(pre[u.preOffset + gateAt] + sums[0]);
    let z = sigmoidOf(pre[u.preOffset + gateAt + H] + sums[1]);
    let fresh = sums[2] + bias[u.biasOffset + unit];
    let n = tanhOf(pre[u.preOffset + gateAt + 2u * H] + r * fresh);
    reserve[gateAt] = r;
    reserve[gateAt + H] = z;
    reserve[gateAt + 2u * H] = n;
    reserve[3u * u.steps * size + at] = fresh;
    h = n + z * (y[at] - n);`,
  carry: "adds to the state",
  backward: `
    let r = reserve[u.reserveOffset + gateAt];
    let z = reserve[u.reserveOffset + gateAt + H];
    let n = reserve[u.reserveOffset + gateAt + 2u * H];
    let fresh = reserve[u.reserveOffset + 3u * u.steps * size + at];
    let before = states[u.statesOffset + at];
    let dN = dh * (1.0 - z) * (1.0 - n * n);
    d[0] = dN * fresh * r * (1.0 - r);
    d[1] = dh * (before - n) * z * (1.0 - z);
    d[2] = dN * r;
    y[gateAt] = d[0];
    y[gateAt + H] = d[1];
    y[gateAt + 2u * H] = dN;
    y[3u * u.steps * size + at] = d[2];
    carry = dh * z;`,
  opened: "y[select(3u * u.steps * size + at + j - 2u * H, gateAt + j, j < 2u * H)]",
};

export const lstmCell: Cell = {
  key: "lstm",
  gates: 4,
  extras: ["c0"],
  hasReserve: true,
  endStates: 1,
  forward: `
    let i = sigmoidOf(pre[u.preOffset + gateAt] + sums[0]);
    let f = sigmoidOf(pre[u.preOffset + gateAt + H] + sums[1]);
    let g = tanhOf(pre[u.preOffset + gateAt + 2u * H] + sums[2]);
    let o = sigmoidOf(pre[u.preOffset + gateAt + 3u * H] + sums[3]);
    var before = c0[u.c0Offset + row * H + unit];
    if (t > 0u) { before = reserve[at - size]; }
    let c = f * before + i * g;
    reserve[at] = c;
    let gates = u.steps * size + gateAt;
    reserve[gates] = i;
    reserve[gates + H] = f;
    reserve[gates + 2u * H] = g;
    reserve[gates + 3u * H] = o;
    if (t + 1u == u.steps) { y[at + 2u * size] = c; }
    h = o * tanhOf(c);`,
  carry: "is of the cell",
  backward: `
    let gates = u.reserveOffset + u.steps * size + gateAt;
    let i = reserve[gates];
    let f = reserve[gates + H];
    let g = reserve[gates + 2u * H];
    let o = reserve[gates + 3u * H];
    let out = tanhOf(reserve[u.reserveOffset + at]);
    var before = c0[u.c0Offset + row * H + unit];
    if (t > 0u) { before = reserve[u.reserveOffset + at - size]; }
    let dc = carry + dh * o * (1.0 - out * out);
    d[0] = dc * g * i * (1.0 - i);
    d[1] = dc * before * f * (1.0 - f);
    d[2] = dc * i * (1.0 - g * g);
    d[3] = dh * out * o * (1.0 - o);
    y[gateAt] = d[0];
    y[gateAt + H] = d[1];
    y[gateAt + 2u * H] = d[2];
    y[gateAt + 3u * H] = d[3];
    carry = dc * f;`,
  opened: "y[gateAt + j]",
};
