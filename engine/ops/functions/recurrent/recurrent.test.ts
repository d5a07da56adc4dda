// Whole sequences as one op against the same sequences step by step, on the plain backend and on the one that is tested.

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tensorsLeftBy } from "../../../../test/tensors-left.ts";
import { createPlainBackend } from "../../../backends/cpu/plain-backend.ts";
import { backendFor } from "../../../core/devices.ts";
import { configureEngine } from "../../../host.ts";
import {
  detectAnomaly,
  gradients,
  manualSeed,
  randn,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  zeros,
} from "../../../index.ts";
import { composedGru, gru } from "./gru.ts";
import { composedLstm, lstm } from "./lstm.ts";
import { composedRnn, rnn } from "./rnn.ts";

interface Sizes {
  readonly steps: number;
  readonly rows: number;
  readonly hidden: number;
}

type OfTensors = (...inputs: readonly Tensor[]) => Tensor;

interface Sequence {
  readonly fused: OfTensors;
  readonly composed: OfTensors;
  readonly shapes: (sizes: Sizes) => readonly (readonly number[])[];
}

const shapesOf = (gates: number, bias: readonly "n"[], states: number) => (sizes: Sizes) => [
  [sizes.steps, sizes.rows, gates * sizes.hidden],
  [gates * sizes.hidden, sizes.hidden],
  ...bias.map(() => [sizes.hidden]),
  ...Array.from({ length: states }, () => [sizes.rows, sizes.hidden]),
];

const simple = (nonlinearity: "tanh" | "relu"): Sequence => ({
  fused: (pre, weight, h0) => rnn(pre!, weight!, h0!, nonlinearity),
  composed: (pre, weight, h0) => composedRnn(pre!, weight!, h0!, nonlinearity),
  shapes: shapesOf(1, [], 1),
});

const sequences: Readonly<Record<string, Sequence>> = {
  "rnn with tanh": simple("tanh"),
  "rnn with relu": simple("relu"),
  gru: {
    fused: (pre, weight, bias, h0) => gru(pre!, weight!, bias!, h0!),
    composed: (pre, weight, bias, h0) => composedGru(pre!, weight!, bias!, h0!),
    shapes: shapesOf(3, ["n"], 1),
  },
  lstm: {
    fused: (pre, weight, h0, c0) => lstm(pre!, weight!, h0!, c0!),
    composed: (pre, weight, h0, c0) => composedLstm(pre!, weight!, h0!, c0!),
    shapes: shapesOf(4, [], 2),
  },
};

function leaf(shape: readonly number[]): Tensor {
  return asLeaf(randn(shape).mul(0.4));
}

/** The same elements, in the same layout. */
function asLeaf(x: Tensor): Tensor {
  const view = x.detach();
  view.requiresGrad = true;
  return view;
}

/** Equal as far as sums of its largest elements can be. */
function expectClose(actual: Tensor, expected: Tensor): void {
  expect(actual.shape).toEqual(expected.shape);
  const [values, wanted] = [Array.from(actual.dataSync()), Array.from(expected.dataSync())];
  const most = 2e-5 * Math.max(1, ...wanted.map(Math.abs));
  for (const [i, value] of values.entries()) {
    if (!(Math.abs(value - wanted[i]!) <= most)) expect.fail(`element ${i}: expected ${wanted[i]}, got ${value}`);
  }
}

/** Values and all gradients, with every element of the output weighted. */
function compare({ fused, composed }: Sequence, inputs: readonly Tensor[]): void {
  const [y, wanted] = [fused(...inputs), composed(...inputs)];
  expectClose(y, wanted);
  const gradient = randn(y.shape);
  const found = gradients(y, inputs, { gradient, retainGraph: true });
  const expected = gradients(wanted, inputs, { gradient });
  for (const [i, each] of found.entries()) expectClose(each, expected[i]!);
  const recorded = gradients(y, inputs, { gradient, createGraph: true });
  for (const [i, each] of recorded.entries()) expectClose(each, expected[i]!);
}

const anySizes = fc.record({
  steps: fc.integer({ min: 1, max: 5 }),
  rows: fc.integer({ min: 1, max: 9 }),
  hidden: fc.constantFrom(1, 2, 3, 5, 8, 13),
});

const tested = backendFor();

describe.each([
  ["the plain backend", createPlainBackend()],
  ["the tested backend", tested],
] as const)("on %s", (_, backend) => {
  beforeAll(() => configureEngine({ devices: { cpu: backend } }));
  afterAll(() => configureEngine({ devices: { cpu: tested } }));

  describe.each(Object.entries(sequences))("%s", (_name, sequence) => {
    it("equals its steps, values and gradients, of any size", () => {
      manualSeed(3);
      fc.assert(
        fc.property(anySizes, (sizes) => compare(sequence, sequence.shapes(sizes).map(leaf))),
        { numRuns: 30 },
      );
    });

    it("equals its steps for more rows than a tile and more units than a panel", () => {
      manualSeed(4);
      compare(sequence, sequence.shapes({ steps: 3, rows: 17, hidden: 33 }).map(leaf));
    });

    it("reads operands of any layout, and parts of others", () => {
      manualSeed(5);
      const given = sequence.shapes({ steps: 3, rows: 2, hidden: 5 }).map(leaf);
      const [pre, weight, ...states] = given;
      const scattered = [
        pre!.flip(0).transpose(0, 1).contiguous().transpose(0, 1),
        weight!.t().contiguous().t(),
        ...states.map((state) => stack([zeros(state.shape), state]).select(0, 1)),
      ].map(asLeaf);
      compare(sequence, scattered);
    });

    it("computes no gradients but those asked for", () => {
      manualSeed(6);
      const given = sequence.shapes({ steps: 2, rows: 3, hidden: 4 }).map(leaf);
      for (const which of given.keys()) {
        const inputs = given.map((each, i) => (i === which ? each : each.detach()));
        const [y, wanted] = [sequence.fused(...inputs), sequence.composed(...inputs)];
        const gradient = randn(y.shape);
        const [found] = gradients(y, [inputs[which]!], { gradient });
        expectClose(found, gradients(wanted, [inputs[which]!], { gradient })[0]);
      }
    });

    it("lets a recorded gradient pass the ops before it once", () => {
      const [pre, ...others] = sequence.shapes({ steps: 2, rows: 2, hidden: 3 }).map(leaf);
      const before = pre!.mul(2);
      let passed = 0;
      before.registerHook(() => {
        passed++;
      });
      const y = sequence.fused(before, ...others);
      gradients(y, [pre!], { gradient: y, createGraph: true });
      expect(passed).toBe(1);
    });

    it("of no steps gives back its state, and of no rows nothing", () => {
      const given = sequence.shapes({ steps: 0, rows: 2, hidden: 3 }).map(leaf);
      const states = given.slice(2).filter(({ shape }) => shape.length === 2);
      const y = sequence.fused(...given);
      expect(y.toArraySync()).toEqual(states.map((state) => state.toArraySync()));
      const gradient = randn(y.shape);
      const found = gradients(y, states, { gradient });
      expect(found.map((each) => each.toArraySync())).toEqual(gradient.toArraySync());
      expect(sequence.fused(...sequence.shapes({ steps: 2, rows: 0, hidden: 3 }).map(leaf)).numel).toBe(0);
    });

    it("lets NaN through, in its row only", () => {
      const [pre, ...others] = sequence.shapes({ steps: 2, rows: 2, hidden: 3 }).map((shape) => zeros(shape));
      const bad = pre!.add(tensor([[0], [Number.NaN]]));
      const y = sequence.fused(bad, ...others);
      expect(y.select(1, 0).isnan().any().itemSync()).toBe(0);
      expect(y.narrow(0, 1, 2).select(1, 1).isnan().all().itemSync()).toBe(1);
    });

    it("is found by detectAnomaly on its way back", () => {
      const given = sequence.shapes({ steps: 2, rows: 1, hidden: 3 }).map(leaf);
      const back = () => gradients(sequence.fused(...given).div(0), given, { gradient: sequence.fused(...given) });
      expect(() => detectAnomaly(back)).toThrow("div: made");
    });

    it("leaves nothing behind", () => {
      const given = sequence.shapes({ steps: 3, rows: 2, hidden: 4 }).map(leaf);
      const once = () => {
        const y = sequence.fused(...given);
        const gradient = y.detach();
        const found = gradients(y, given, { gradient });
        for (const each of [y, gradient, ...found]) each.dispose();
      };
      expect(tensorsLeftBy(once)).toBe(0);
    });
  });

  it("refuses what does not fit", () => {
    const [pre, weight, h0] = [zeros([2, 3, 4]), zeros([4, 4]), zeros([3, 4])];
    const all = (f: () => Tensor) => expect(f).toThrow(ShapeError);
    all(() => rnn(pre.flatten(0, 1), weight, h0, "tanh"));
    all(() => rnn(pre, zeros([4, 5]), h0, "tanh"));
    all(() => rnn(pre, weight, zeros([2, 4]), "tanh"));
    all(() => gru(pre, weight, zeros([4]), h0));
    all(() => gru(zeros([2, 3, 12]), zeros([12, 4]), zeros([3]), h0));
    all(() => lstm(zeros([2, 3, 16]), zeros([16, 4]), h0, zeros([4, 3])));
    expect(() => lstm(zeros([2, 3, 16]), zeros([16, 4]), h0, zeros([4, 3]))).toThrow(
      "lstm: c0 does not fit, c0 [4, 3], expected [3, 4]",
    );
    expect(() => rnn(pre.to("int32"), weight, h0, "tanh")).toThrow("rnn: needs float32, got int32");
  });
});
