// The hidden part of a long short-term memory over a whole sequence, forwards and backwards, for some rows of a batch. The
// projection of the inputs, and the weight gradients, are products of all steps at once and not done here.
// Gates in PyTorch's order i, f, g, o; formulas in nn/functional/recurrent/lstm.ts.

import { integers, type ModuleBuilder, madd, nmadd, select } from "../assembler/index.ts";
import { sigmoid, tanh } from "../math/index.ts";
import { definePack } from "../matmul/pack.ts";
import { defineProduct, panelBytesOf } from "./product.ts";
import type { RecurrentSizes } from "./sizes.ts";
import { forUnits, loadUnits, storeUnits } from "./units.ts";

/**
 * Forwards. All addresses are those of the part's first row, in the first step walked: pre, gates [T, B, 4H], h, c
 * [T, B, H], h0, c0 [B, H]; weight [4H, H]. From a step to the next one are `stepRows` rows: B, or -B to walk from the last
 * step to the first. `gates` gets the activated gates; it may be `pre`.
 */
export type LstmForward = (
  steps: number,
  rows: number,
  stepRows: number,
  weight: number,
  pre: number,
  h0: number,
  c0: number,
  gates: number,
  h: number,
  c: number,
  scratch: number,
) => void;

/**
 * Backwards, addresses as above. `dh` is the gradient of h [T, B, H]; `dState` and `dCell` [B, H] hold the gradients of the
 * last h (without what `dh` says) and c, and get those of h0 and c0. `dPre` [T, B, 4H] gets that of the pre-activations; it may
 * be `gates`.
 */
export type LstmBackward = (
  steps: number,
  rows: number,
  stepRows: number,
  weight: number,
  gates: number,
  c0: number,
  c: number,
  dh: number,
  dState: number,
  dCell: number,
  dPre: number,
  scratch: number,
) => void;

/** Bytes of scratch space that a call needs, forwards or backwards. */
export function lstmScratchBytesOf({ hidden, tile }: RecurrentSizes): number {
  return Math.max(panelBytesOf(tile, hidden, 4 * hidden), panelBytesOf(tile, 4 * hidden, hidden));
}

export function defineLstmForward(module: ModuleBuilder, name: string, { hidden, tile }: RecurrentSizes): void {
  const pack = definePack(module, "pack weights", tile.vectors * 4);
  const product = defineProduct(module, "recur", {
    ...{ k: hidden, columns: [4 * hidden], aRowBytes: hidden * 4, adds: true, tile },
  });
  const activate = defineActivation(module, hidden);
  const states = defineStates(module, hidden);
  const parameters = integers(
    ...(["steps", "rows", "stepRows", "weight", "pre", "h0", "c0", "gates", "h", "c", "scratch"] as const),
  );
  module.export(
    name,
    parameters,
    (f, { steps, rows, stepRows, weight, pre, h0: hBefore, c0: cBefore, gates, h, c, scratch }) => {
      const rowBytes = hidden * 4;
      const lines = { to: scratch, from: weight, lines: 4 * hidden, k: hidden };
      f.call(pack, { ...lines, lineBytes: rowBytes, elementBytes: 4 });
      const stepBytes = f.local("i32", stepRows.mul(rowBytes));
      f.for(f.local("i32"), 0, steps, 1, () => {
        const sum = { addend: pre, addendRowBytes: 4 * rowBytes, out: gates, outRowBytes: 4 * rowBytes };
        f.call(product, { rows, columns: 4 * hidden, a: hBefore, panel: scratch, ...sum });
        f.call(activate, { rows, gates });
        f.call(states, { rows, gates, cBefore, c, h });
        hBefore.set(h);
        cBefore.set(c);
        for (const values of [h, c]) values.increase(stepBytes);
        for (const values of [pre, gates]) values.increase(stepBytes.shl(2));
      });
    },
  );
}

/**
 * Activates the gates of one step in place. Apart from `defineStates`, whose tanh waits for it: a processor sees a few
 * hundred instructions ahead, so that shorter bodies overlap more of their rounds.
 */
function defineActivation(module: ModuleBuilder, hidden: number) {
  return module.function("activate", integers("rows", "gates"), (f, { rows, gates }) => {
    forUnits(f, rows, hidden, [{ pointer: gates, gates: 4 }], (lanes) => {
      const values = [0, 1, 2, 3].map((gate) => loadUnits(f, gates, lanes, gate * hidden * 4));
      for (const [gate, vectors] of values.entries()) {
        for (const x of vectors) x.set(gate === 2 ? tanh(x, f) : sigmoid(x, f));
      }
      for (const [gate, vectors] of values.entries()) storeUnits(f, gates, lanes, vectors, gate * hidden * 4);
    });
  });
}

/** c and h of one step. */
function defineStates(module: ModuleBuilder, hidden: number) {
  const parameters = integers("rows", "gates", "cBefore", "c", "h");
  return module.function("states", parameters, (f, { rows, gates, cBefore, c, h }) => {
    const pointers = [{ pointer: gates, gates: 4 }, ...[cBefore, c, h].map((pointer) => ({ pointer, gates: 1 }))];
    forUnits(f, rows, hidden, pointers, (lanes) => {
      const [i, forget, g, o] = ([0, 1, 2, 3] as const).map((gate) =>
        loadUnits(f, gates, lanes, gate * hidden * 4),
      ) as [Vectors, Vectors, Vectors, Vectors];
      const cell = loadUnits(f, cBefore, lanes);
      for (const [v, x] of cell.entries()) x.set(madd(forget[v]!, x, i[v]!.mul(g[v]!)));
      const next = cell.map((x, v) => f.local("f32x4", o[v]!.mul(tanh(x, f))));
      storeUnits(f, c, lanes, cell);
      storeUnits(f, h, lanes, next);
    });
  });
}

type Vectors = ReturnType<typeof loadUnits>;

export function defineLstmBackward(module: ModuleBuilder, name: string, { hidden, tile }: RecurrentSizes): void {
  const pack = definePack(module, "pack weights", tile.vectors * 4);
  const product = defineProduct(module, "recur", {
    ...{ k: 4 * hidden, columns: [hidden], aRowBytes: 16 * hidden, adds: false, tile },
  });
  const differentiate = defineDerivative(module, hidden);
  const parameters = integers(
    ...([
      "steps",
      "rows",
      "stepRows",
      "weight",
      "gates",
      "c0",
      "c",
      "dh",
      "dState",
      "dCell",
      "dPre",
      "scratch",
    ] as const),
  );
  module.export(
    name,
    parameters,
    (f, { steps, rows, stepRows, weight, gates, c0, c, dh, dState, dCell, dPre, scratch }) => {
      const rowBytes = hidden * 4;
      const lines = { to: scratch, from: weight, lines: hidden, k: 4 * hidden };
      f.call(pack, { ...lines, lineBytes: 4, elementBytes: rowBytes });
      const stepBytes = f.local("i32", stepRows.mul(rowBytes));
      const toLast = f.local("i32", stepBytes.mul(steps.sub(1)));
      for (const states of [c, dh]) states.increase(toLast);
      for (const values of [gates, dPre]) values.increase(toLast.shl(2));
      f.whileTrue(
        () => steps.gt(0),
        () => {
          steps.increase(-1);
          const cBefore = select(steps, c.sub(stepBytes), c0);
          f.call(differentiate, { rows, gates, cBefore, c, dh, dState, dCell, dPre });
          const none = { addend: 0, addendRowBytes: 0 };
          f.call(product, {
            rows,
            columns: hidden,
            a: dPre,
            panel: scratch,
            ...none,
            out: dState,
            outRowBytes: rowBytes,
          });
          for (const states of [c, dh]) states.set(states.sub(stepBytes));
          for (const values of [gates, dPre]) values.set(values.sub(stepBytes.shl(2)));
        },
      );
    },
  );
}

/** The gradients of one step's pre-activations, and of the cell before it. */
function defineDerivative(module: ModuleBuilder, hidden: number) {
  const parameters = integers("rows", "gates", "cBefore", "c", "dh", "dState", "dCell", "dPre");
  return module.function("differentiate", parameters, (f, { rows, gates, cBefore, c, dh, dState, dCell, dPre }) => {
    const pointers = [
      ...[gates, dPre].map((pointer) => ({ pointer, gates: 4 })),
      ...[cBefore, c, dh, dState, dCell].map((pointer) => ({ pointer, gates: 1 })),
    ];
    const one = f.constant("f32x4", 1);
    forUnits(f, rows, hidden, pointers, (lanes) => {
      const [i, forget, g, o] = ([0, 1, 2, 3] as const).map((gate) =>
        loadUnits(f, gates, lanes, gate * hidden * 4),
      ) as [Vectors, Vectors, Vectors, Vectors];
      const [before, cell] = [loadUnits(f, cBefore, lanes), loadUnits(f, c, lanes)];
      const [dOut, dNext, dC] = [loadUnits(f, dh, lanes), loadUnits(f, dState, lanes), loadUnits(f, dCell, lanes)];
      for (const v of lanes.keys()) {
        const [iv, fv, gv, ov] = [i[v]!, forget[v]!, g[v]!, o[v]!];
        const out = f.local("f32x4", tanh(cell[v]!, f));
        const dH = f.local("f32x4", dOut[v]!.add(dNext[v]!));
        const dCv = dC[v]!;
        dCv.set(madd(dH.mul(ov), nmadd(out, out, one), dCv));
        const dI = dCv.mul(gv).mul(iv).mul(one.sub(iv));
        const dF = dCv.mul(before[v]!).mul(fv).mul(one.sub(fv));
        const dG = dCv.mul(iv).mul(nmadd(gv, gv, one));
        const dO = dH.mul(out).mul(ov).mul(one.sub(ov));
        const gradients = [dI, dF, dG, dO].map((gradient) => f.local("f32x4", gradient));
        dCv.set(dCv.mul(fv));
        for (const [gate, gradient] of gradients.entries()) [i, forget, g, o][gate]![v]!.set(gradient);
      }
      for (const [gate, values] of [i, forget, g, o].entries()) storeUnits(f, dPre, lanes, values, gate * hidden * 4);
      storeUnits(f, dCell, lanes, dC);
    });
  });
}
