// Walks over sequences on whatever device the tests run on against the plain kernels: small ones are one kernel, others go step by
// step. The gradients come from what the device itself has reserved.

import { describe, expect, it } from "vitest";
import { dispatch } from "../../../ops/dispatch.ts";
import type { Params } from "../../../ops/table.ts";
import { distance, drawn, plainly, toTensor, type Values } from "../against-plain.ts";

interface Operands {
  readonly pre: Values;
  readonly weight: Values;
  readonly bias: Values;
  readonly h0: Values;
  readonly c0: Values;
}

type Sizes = readonly [steps: number, rows: number, hidden: number];

interface Cell {
  readonly op: "rnn" | "gru" | "lstm";
  readonly gates: number;
  readonly params: Params<"rnn"> | Params<"gru">;
  readonly inputs: readonly (keyof Operands)[];
  /** Elements of the gradient after those of `pre` that are not states'. */
  readonly fresh: boolean;
}

const cells: Readonly<Record<string, Cell>> = {
  "RNN with tanh": rnn("tanh"),
  "RNN with relu": rnn("relu"),
  GRU: { op: "gru", gates: 3, params: {}, inputs: ["pre", "weight", "bias", "h0"], fresh: true },
  LSTM: { op: "lstm", gates: 4, params: {}, inputs: ["pre", "weight", "h0", "c0"], fresh: false },
};

function rnn(nonlinearity: "tanh" | "relu"): Cell {
  return { op: "rnn", gates: 1, params: { nonlinearity }, inputs: ["pre", "weight", "h0"], fresh: false };
}

function operandsOf({ gates }: Cell, [steps, rows, hidden]: Sizes): Operands {
  return {
    pre: drawn([steps, rows, gates * hidden], 1),
    weight: drawn([gates * hidden, hidden], 2, 1.5 / Math.sqrt(hidden)),
    bias: drawn([hidden], 3),
    h0: drawn([rows, hidden], 4),
    c0: drawn([rows, hidden], 5),
  };
}

/** The output and the gradients of pre, h0 and c0 of the plain kernels. */
function expected(cell: Cell, given: Operands, inputs: readonly Values[], [steps, rows, hidden]: Sizes) {
  const { op, params, gates } = cell;
  const { output, reserve } = plainly(op, inputs, params as never);
  const grad = drawn(output.shape, 9);
  const { weight, c0 } = given;
  const all = {
    rnn: [grad, weight, output],
    gru: [grad, weight, output, reserve],
    lstm: [grad, weight, output, reserve, c0],
  };
  const { values } = plainly(`${op}Backward`, all[op], params as never).output;
  const [size, ofPre] = [rows * hidden, steps * rows * gates * hidden];
  const start = ofPre + (cell.fresh ? steps * size : 0);
  const states = cell.op === "lstm" ? 2 : 1;
  const starts = Array.from({ length: states }, (_, i) => values.slice(start + i * size, start + (i + 1) * size));
  return { grad, results: [output.values, values.slice(0, ofPre), ...starts] };
}

describe.each(Object.entries(cells))("%s", (_, cell) => {
  it.each([
    [3, 2, 5],
    [4, 17, 16],
    [2, 9, 33],
    [3, 3, 70],
    [3, 5, 130],
    [2, 150, 115],
    [1, 1, 1],
    [0, 2, 3],
  ] as const)("walks %i steps of %i rows with %i units as the plain kernels do, and back", (...sizes) => {
    const given = operandsOf(cell, sizes);
    const inputs = cell.inputs.map((name) => given[name]);
    const { grad, results } = expected(cell, given, inputs, sizes);
    const tensors = inputs.map((values) => toTensor(values).detach());
    for (const [i, name] of cell.inputs.entries()) tensors[i]!.requiresGrad = name !== "weight" && name !== "bias";
    const y = dispatch(cell.op, tensors as never, cell.params as never);
    y.mul(toTensor(grad)).sum().backward();
    const gradients = tensors.filter(({ requiresGrad }) => requiresGrad).map((leaf) => leaf.grad!);
    const actual = [y.detach(), ...gradients].map((values) => values.contiguous().dataSync());
    expect(actual.map((values, i) => distance(values, results[i]!) < 1e-6)).toEqual(actual.map(() => true));
  });

  it("lets NaN through, in its row only", () => {
    for (const hidden of [8, 140]) {
      const given = operandsOf(cell, [2, 3, hidden]);
      given.pre.values[cell.gates * hidden] = Number.NaN;
      const inputs = cell.inputs.map((name) => toTensor(given[name]));
      const y = dispatch(cell.op, inputs as never, cell.params as never).dataSync();
      const rows = Array.from({ length: 9 }, (_, row) => y.slice(row * hidden, (row + 1) * hidden).some(Number.isNaN));
      expect(rows).toEqual([false, false, false, false, true, false, false, true, false]);
    }
  });
});
