// The fused kernels against the sequences that are composed of ops on the plain backend, values and gradients: the
// projection of the inputs is the identity, so that the gradient of x is that of the pre-activations.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configureEngine } from "../../../host.ts";
import { eye, gradients, nn, type Tensor, tensor } from "../../../index.ts";
import { createPlainBackend } from "../../cpu/plain-backend.ts";
import { ModuleBuilder } from "../assembler/index.ts";
import { tiles } from "../matmul/matmul.ts";
import {
  defineGruBackward,
  defineGruForward,
  defineLstmBackward,
  defineLstmForward,
  defineRnnBackward,
  defineRnnForward,
  gruScratchBytesOf,
  lstmScratchBytesOf,
  type RecurrentSizes,
  rnnScratchBytesOf,
} from "./index.ts";

// The oracle, whatever other tests run on.
configureEngine({ devices: { cpu: createPlainBackend() } });

const { functional } = nn;
const pages = 16;
const guard = 12345;

/** Arrays of the kernels by name; every one has a guard behind it. */
const arrays = {
  inputs: ["weight", "bias", "pre", "h0", "c0", "dh"],
  outputs: ["gates", "fresh", "h", "c", "dState", "dCell", "dPre", "dFresh"],
} as const;
type ArrayName = (typeof arrays)["inputs" | "outputs"][number];

interface Case {
  readonly steps: number;
  readonly batch: number;
  readonly hidden: number;
  /** Rows of the first part. */
  readonly split: number;
  readonly reverse: boolean;
  /** Outputs take the place of inputs that nothing else needs. */
  readonly inPlace: boolean;
  readonly seed: number;
}

interface CellUnderTest {
  readonly gates: number;
  readonly define: (module: ModuleBuilder, sizes: RecurrentSizes) => void;
  readonly scratchBytes: (sizes: RecurrentSizes) => number;
  /** Outputs that may lie where an array before them does. */
  readonly inPlace: Readonly<Partial<Record<ArrayName, ArrayName>>>;
  /** What the kernels take between `stepRows` and `scratch`. */
  readonly forward: readonly ArrayName[];
  readonly backward: readonly ArrayName[];
  /** The composed sequence: the output, then the last states. */
  readonly composed: (
    x: Tensor,
    state: readonly Tensor[],
    weightHh: Tensor,
    biasHh: Tensor,
    reverse: boolean,
  ) => readonly Tensor[];
}

const rnn = (nonlinearity: "tanh" | "relu"): CellUnderTest => ({
  gates: 1,
  define(module, sizes) {
    defineRnnForward(module, "forward", nonlinearity, sizes);
    defineRnnBackward(module, "backward", nonlinearity, sizes);
  },
  scratchBytes: rnnScratchBytesOf,
  inPlace: { h: "pre", dPre: "dh" },
  forward: ["weight", "pre", "h0", "h"],
  backward: ["weight", "h", "dh", "dState", "dPre"],
  composed: (x, state, weightHh, _, reverse) =>
    functional.rnnSequence(x, state, { weightIh: eye(x.shape[2]!), weightHh }, { nonlinearity, reverse }),
});

const cells: Readonly<Record<string, CellUnderTest>> = {
  "RNN with tanh": rnn("tanh"),
  "RNN with relu": rnn("relu"),
  GRU: {
    gates: 3,
    define(module, sizes) {
      defineGruForward(module, "forward", sizes);
      defineGruBackward(module, "backward", sizes);
    },
    scratchBytes: gruScratchBytesOf,
    inPlace: { gates: "pre", dPre: "gates", dFresh: "fresh" },
    forward: ["weight", "bias", "pre", "h0", "gates", "fresh", "h"],
    backward: ["weight", "gates", "fresh", "h0", "h", "dh", "dState", "dPre", "dFresh"],
    composed: (x, state, weightHh, biasHh, reverse) => {
      const biasIh = tensor(Array<number>(x.shape[2]!).fill(0));
      return functional.gruSequence(x, state, { weightIh: eye(x.shape[2]!), weightHh, biasIh, biasHh }, { reverse });
    },
  },
  LSTM: {
    gates: 4,
    define(module, sizes) {
      defineLstmForward(module, "forward", sizes);
      defineLstmBackward(module, "backward", sizes);
    },
    scratchBytes: lstmScratchBytesOf,
    inPlace: { gates: "pre", dPre: "gates" },
    forward: ["weight", "pre", "h0", "c0", "gates", "h", "c"],
    backward: ["weight", "gates", "c0", "c", "dh", "dState", "dCell", "dPre"],
    composed: (x, state, weightHh, _, reverse) =>
      functional.lstmSequence(x, state, { weightIh: eye(x.shape[2]!), weightHh }, { reverse }),
  },
};

type Kernel = (...values: number[]) => void;

function kernelsOf({ define }: CellUnderTest, sizes: RecurrentSizes) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const module = new ModuleBuilder({ initialPages: pages, maximumPages: pages, shared: true });
  define(module, sizes);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encode()), { env: { memory } });
  const { forward, backward } = exports as Record<string, Kernel>;
  return { forward: forward!, backward: backward!, floats: new Float32Array(memory.buffer) };
}

/** Elements of each array, and of one row of it: 0 where all rows share it. */
function sizesOf(cell: CellUnderTest, { steps, batch, hidden }: Pick<Case, "steps" | "batch" | "hidden">) {
  const state = { size: batch * hidden, row: hidden };
  const states = { size: steps * batch * hidden, row: hidden };
  const gates = { size: steps * batch * hidden * cell.gates, row: hidden * cell.gates };
  return {
    weight: { size: cell.gates * hidden * hidden, row: 0 },
    bias: { size: hidden, row: 0 },
    ...{ h0: state, c0: state, dState: state, dCell: state },
    ...{ dh: states, fresh: states, h: states, c: states, dFresh: states },
    ...{ pre: gates, gates, dPre: gates },
  } satisfies Record<ArrayName, { size: number; row: number }>;
}

/** Runs both kernels in two parts; fails where anything but the outputs was written. */
function run(cell: CellUnderTest, sizes: RecurrentSizes, kernels: ReturnType<typeof kernelsOf>, c: Case) {
  const { floats } = kernels;
  const layout = sizesOf(cell, c);
  floats.fill(guard);
  const at = {} as Record<ArrayName, number>;
  let next = 8;
  const random = randomFrom(c.seed);
  const isGradient = (name: ArrayName) => name === "dState" || name === "dCell";
  for (const name of [...arrays.inputs, ...arrays.outputs]) {
    const shared = c.inPlace ? cell.inPlace[name] : undefined;
    at[name] = shared === undefined ? next : at[shared];
    if (shared !== undefined) continue;
    const isGiven = (arrays.inputs as readonly string[]).includes(name) || isGradient(name);
    for (let i = 0; i < layout[name].size; i++) floats[next + i] = isGiven ? random() : Number.NaN;
    next += layout[name].size + 8;
  }
  const array = (name: ArrayName) => floats.slice(at[name], at[name] + layout[name].size);
  const before = floats.slice(0, next);
  const given = Object.fromEntries(
    [...arrays.inputs, "dState", "dCell"].map((name) => [name, array(name as ArrayName)]),
  );
  const call = (kernel: Kernel, names: readonly ArrayName[]) => {
    for (const [first, rows] of [
      [0, c.split],
      [c.split, c.batch - c.split],
    ] as const) {
      const addresses = names.map((name) => {
        const perStep = layout[name].size === layout.h0.size ? 0 : layout[name].row * c.batch * (c.steps - 1);
        const hasSteps = !["weight", "bias", "h0", "c0", "dState", "dCell"].includes(name);
        return (at[name] + first * layout[name].row + (c.reverse && hasSteps ? perStep : 0)) * 4;
      });
      floats.fill(Number.NaN, next + 8, next + 8 + cell.scratchBytes(sizes) / 4);
      kernel(c.steps, rows, c.reverse ? -c.batch : c.batch, ...addresses, (next + 8) * 4);
      expect(floats[next + 8 + cell.scratchBytes(sizes) / 4]).toBe(guard);
    }
  };
  call(kernels.forward, cell.forward);
  call(kernels.backward, cell.backward);
  const written = [...arrays.outputs].filter((name) => [...cell.forward, ...cell.backward].includes(name));
  for (const name of written) before.set(array(name), at[name]);
  expect(floats.slice(0, next)).toEqual(before);
  return { array, given: given as Record<ArrayName, Float32Array> };
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  };
}

function expectClose(name: string, actual: Float32Array, expected: Tensor): void {
  const values = expected.contiguous().dataSync();
  expect(actual.length, name).toBe(values.length);
  for (const [i, value] of actual.entries()) {
    const most = 1e-5 * (1 + Math.abs(values[i]!));
    if (!(Math.abs(value - values[i]!) <= most)) expect.fail(`${name}[${i}]: expected ${values[i]}, got ${value}`);
  }
}

function compare(cell: CellUnderTest, sizes: RecurrentSizes, kernels: ReturnType<typeof kernelsOf>, c: Case): void {
  const { array, given } = run(cell, sizes, kernels, c);
  const { steps, batch, hidden } = c;
  const leaf = (values: Float32Array, ...shape: number[]) => tensor(values, { requiresGrad: true }).reshape(shape);
  const x = leaf(given.pre, steps, batch, cell.gates * hidden);
  const state = [leaf(given.h0, batch, hidden)];
  if (cell.gates === 4) state.push(leaf(given.c0, batch, hidden));
  const bias = new Float32Array(cell.gates * hidden);
  bias.set(given.bias, (cell.gates - 1) * hidden);
  const biasHh = leaf(bias, cell.gates * hidden);
  const [output, ...last] = cell.composed(
    ...([x, state, tensor(given.weight).reshape([cell.gates * hidden, hidden]), biasHh, c.reverse] as const),
  );
  const weighted = (y: Tensor, by: Float32Array) => y.mul(tensor(by).reshape(y.shape)).sum();
  const ends = last.map((y, i) => weighted(y, i === 0 ? given.dState : given.dCell));
  const loss = ends.reduce((sum, end) => sum.add(end), weighted(output!, given.dh));
  const inputs = cell.gates === 3 ? [x, ...state, biasHh] : [x, ...state];
  const [dX, dH0, other] = gradients(loss, inputs);
  expectClose("h", array("h"), output!.flatten());
  expectClose("dPre", array("dPre"), dX!.flatten());
  expectClose("dState", array("dState"), dH0!.flatten());
  if (cell.gates === 4) {
    expectClose("dCell", array("dCell"), other!.flatten());
    const cs = array("c");
    const end = c.reverse ? 0 : (steps - 1) * batch * hidden;
    expectClose("c", cs.slice(end, end + batch * hidden), last[1]!.flatten());
  }
  if (cell.gates === 3) {
    const dFresh = tensor(array("dFresh"))
      .reshape([steps * batch, hidden])
      .sum(0);
    expectClose("bias", Float32Array.from(dFresh.dataSync()), other!.narrow(0, 2 * hidden, hidden));
  }
}

const hiddenSizes = [1, 2, 3, 4, 5, 7, 8, 12, 19] as const;
const anyCase = fc
  .record({
    steps: fc.integer({ min: 1, max: 4 }),
    batch: fc.integer({ min: 1, max: 14 }),
    hidden: fc.constantFrom(...hiddenSizes),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    reverse: fc.boolean(),
    inPlace: fc.boolean(),
    seed: fc.integer(),
  })
  .map(({ share, ...c }): Case => ({ ...c, split: Math.round(share * c.batch) }));

describe.each(Object.entries(cells))("%s, fused", (_, cell) => {
  it.each(Object.entries(tiles))("equals the composed one, values and gradients, with %s tiles", (_name, tile) => {
    const compiled = new Map<number, ReturnType<typeof kernelsOf>>();
    fc.assert(
      fc.property(anyCase, (c) => {
        const sizes = { hidden: c.hidden, tile };
        if (!compiled.has(c.hidden)) compiled.set(c.hidden, kernelsOf(cell, sizes));
        compare(cell, sizes, compiled.get(c.hidden)!, c);
      }),
      { numRuns: 80 },
    );
  });

  it("crosses many panels, rounds of k and tiles of rows", () => {
    const sizes = { hidden: 39, tile: tiles.revectorized };
    const c = { steps: 3, batch: 19, hidden: 39, split: 13, reverse: false, inPlace: false, seed: 5 };
    compare(cell, sizes, kernelsOf(cell, sizes), c);
  });

  it("leaves everything as it is where there are no steps", () => {
    const sizes = { hidden: 5, tile: tiles.revectorized };
    const c = { steps: 0, batch: 3, hidden: 5, split: 1, reverse: false, inPlace: false, seed: 1 };
    const { array, given } = run(cell, sizes, kernelsOf(cell, sizes), c);
    expect(array("dState")).toEqual(given.dState);
  });

  it("lets NaN through, in its row only", () => {
    const sizes = { hidden: 8, tile: tiles.plain };
    const { forward, floats } = kernelsOf(cell, sizes);
    const layout = sizesOf(cell, { steps: 2, batch: 2, hidden: 8 });
    const at = {} as Record<ArrayName, number>;
    let next = 0;
    for (const name of [...arrays.inputs, ...arrays.outputs]) {
      at[name] = next;
      next += layout[name].size;
    }
    floats.fill(0.1, 0, next);
    floats[at.pre] = Number.NaN;
    forward(2, 2, 2, ...cell.forward.map((name) => at[name] * 4), next * 4);
    const h = floats.slice(at.h, at.h + 32);
    expect([h[0], h[16], h[23]]).toEqual([NaN, NaN, NaN]);
    for (const row of [h.slice(8, 16), h.slice(24, 32)]) expect(row.every(Number.isFinite)).toBe(true);
  });
});
