// The hidden part of a gated recurrent unit over a whole sequence, forwards and backwards, for some rows of a batch; what is
// not done here, and how parts and directions are told, is in lstm.ts. Gates in PyTorch's order r, z, n, the reset gate
// acting after the product; formulas in nn/functional/recurrent/gru.ts.

import { integers, type ModuleBuilder, madd, nmadd, select, type Value } from "../assembler/index.ts";
import { sigmoid, tanh } from "../math/index.ts";
import { definePack } from "../matmul/pack.ts";
import { defineProduct, panelBytesOf } from "./product.ts";
import type { RecurrentSizes } from "./sizes.ts";
import { forUnits, loadUnits, storeUnits } from "./units.ts";

/**
 * Forwards: pre, gates [T, B, 3H], h [T, B, H], h0 [B, H], weight [3H, H]. `bias` [H] is the part of the hidden bias that
 * belongs to n; that of r and z is in `pre`. `fresh` [T, B, H] gets n's part of weight · h + bias. `gates` may be `pre`.
 */
export type GruForward = (
  steps: number,
  rows: number,
  stepRows: number,
  weight: number,
  bias: number,
  pre: number,
  h0: number,
  gates: number,
  fresh: number,
  h: number,
  scratch: number,
) => void;

/**
 * Backwards. `dh` is the gradient of h [T, B, H]; `dState` [B, H] holds what else the gradient of the last h has, and gets
 * that of h0. `dPre` [T, B, 3H] gets that of the pre-activations, `dFresh` [T, B, H] that of `fresh`. They may
 * be `gates` and `fresh`.
 */
export type GruBackward = (
  steps: number,
  rows: number,
  stepRows: number,
  weight: number,
  gates: number,
  fresh: number,
  h0: number,
  h: number,
  dh: number,
  dState: number,
  dPre: number,
  dFresh: number,
  scratch: number,
) => void;

/** Bytes of the packed weights of r and z, which n's follow, and of all. */
function panelsOf({ hidden, tile }: RecurrentSizes) {
  const [forward, backward] = [panelBytesOf(tile, hidden, 2 * hidden), panelBytesOf(tile, 2 * hidden, hidden)];
  const fresh = panelBytesOf(tile, hidden, hidden);
  return { forward, backward, all: Math.max(forward, backward) + fresh };
}

/** Bytes of scratch space that a call needs, forwards or backwards. */
export function gruScratchBytesOf(sizes: RecurrentSizes): number {
  return panelsOf(sizes).all;
}

type Vectors = ReturnType<typeof loadUnits>;

export function defineGruForward(module: ModuleBuilder, name: string, sizes: RecurrentSizes): void {
  const { hidden, tile } = sizes;
  const pack = definePack(module, "pack weights", tile.vectors * 4);
  const product = defineProduct(module, "recur", {
    ...{ k: hidden, columns: [2 * hidden, hidden], aRowBytes: hidden * 4, adds: true, tile },
  });
  const activate = defineActivation(module, hidden);
  const states = defineStates(module, hidden);
  const parameters = integers(
    ...(["steps", "rows", "stepRows", "weight", "bias", "pre", "h0", "gates", "fresh", "h", "scratch"] as const),
  );
  module.export(
    name,
    parameters,
    (f, { steps, rows, stepRows, weight, bias, pre, h0: before, gates, fresh, h, scratch }) => {
      const rowBytes = hidden * 4;
      const freshPanel = f.local("i32", scratch.add(panelsOf(sizes).forward));
      const lines = { k: hidden, lineBytes: rowBytes, elementBytes: 4 };
      f.call(pack, { to: scratch, from: weight, lines: 2 * hidden, ...lines });
      f.call(pack, { to: freshPanel, from: weight.add(2 * hidden * rowBytes), lines: hidden, ...lines });
      const stepBytes = f.local("i32", stepRows.mul(rowBytes));
      f.for(f.local("i32"), 0, steps, 1, () => {
        const opened = { addend: pre, addendRowBytes: 3 * rowBytes, out: gates, outRowBytes: 3 * rowBytes };
        f.call(product, { rows, columns: 2 * hidden, a: before, panel: scratch, ...opened });
        const sum = { addend: bias, addendRowBytes: 0, out: fresh, outRowBytes: rowBytes };
        f.call(product, { rows, columns: hidden, a: before, panel: freshPanel, ...sum });
        f.call(activate, { rows, gates });
        f.call(states, { rows, pre, gates, fresh, before, h });
        before.set(h);
        for (const values of [fresh, h]) values.increase(stepBytes);
        for (const values of [pre, gates]) values.increase(stepBytes.mul(3));
      });
    },
  );
}

/** Activates r and z of one step in place; apart from n for the reason that lstm.ts gives. */
function defineActivation(module: ModuleBuilder, hidden: number) {
  return module.function("activate", integers("rows", "gates"), (f, { rows, gates }) => {
    forUnits(f, rows, hidden, [{ pointer: gates, gates: 3 }], (lanes) => {
      const values = [0, 1].map((gate) => loadUnits(f, gates, lanes, gate * hidden * 4));
      for (const x of values.flat()) x.set(sigmoid(x, f));
      for (const [gate, vectors] of values.entries()) storeUnits(f, gates, lanes, vectors, gate * hidden * 4);
    });
  });
}

/** n and h of one step. */
function defineStates(module: ModuleBuilder, hidden: number) {
  const parameters = integers("rows", "pre", "gates", "fresh", "before", "h");
  return module.function("states", parameters, (f, { rows, pre, gates, fresh, before, h }) => {
    const pointers = [
      ...[pre, gates].map((pointer) => ({ pointer, gates: 3 })),
      ...[fresh, before, h].map((pointer) => ({ pointer, gates: 1 })),
    ];
    const third = 2 * hidden * 4;
    forUnits(f, rows, hidden, pointers, (lanes) => {
      const [r, z] = [loadUnits(f, gates, lanes), loadUnits(f, gates, lanes, hidden * 4)];
      const [n, recurrent] = [loadUnits(f, pre, lanes, third), loadUnits(f, fresh, lanes)];
      const states = loadUnits(f, before, lanes);
      for (const [v, state] of states.entries()) {
        n[v]!.set(tanh(madd(r[v]!, recurrent[v]!, n[v]!), f));
        state.set(madd(z[v]!, state.sub(n[v]!), n[v]!));
      }
      storeUnits(f, gates, lanes, n, third);
      storeUnits(f, h, lanes, states);
    });
  });
}

export function defineGruBackward(module: ModuleBuilder, name: string, sizes: RecurrentSizes): void {
  const { hidden, tile } = sizes;
  const pack = definePack(module, "pack weights", tile.vectors * 4);
  const common = { columns: [hidden], adds: true, tile };
  const recurOpened = defineProduct(module, "recur r, z", { ...common, k: 2 * hidden, aRowBytes: 12 * hidden });
  const recurFresh = defineProduct(module, "recur n", { ...common, k: hidden, aRowBytes: 4 * hidden });
  const differentiate = defineDerivative(module, hidden);
  const parameters = integers(
    ...(["steps", "rows", "stepRows", "weight", "gates", "fresh", "h0", "h", "dh", "dState"] as const),
    ...(["dPre", "dFresh", "scratch"] as const),
  );
  module.export(
    name,
    parameters,
    (f, { steps, rows, stepRows, weight, gates, fresh, h0, h, dh, dState, dPre, dFresh, scratch }) => {
      const rowBytes = hidden * 4;
      const freshPanel = f.local("i32", scratch.add(panelsOf(sizes).backward));
      const lines = { lines: hidden, lineBytes: 4, elementBytes: rowBytes };
      f.call(pack, { to: scratch, from: weight, k: 2 * hidden, ...lines });
      f.call(pack, { to: freshPanel, from: weight.add(2 * hidden * rowBytes), k: hidden, ...lines });
      const stepBytes = f.local("i32", stepRows.mul(rowBytes));
      const toLast = f.local("i32", stepBytes.mul(steps.sub(1)));
      const sum = { addend: dState, addendRowBytes: rowBytes, out: dState, outRowBytes: rowBytes };
      for (const values of [fresh, h, dh, dFresh]) values.increase(toLast);
      for (const values of [gates, dPre]) values.increase(toLast.mul(3));
      f.whileTrue(
        () => steps.gt(0),
        () => {
          steps.increase(-1);
          const before = select(steps, h.sub(stepBytes), h0);
          f.call(differentiate, { rows, gates, fresh, before, dh, dState, dPre, dFresh });
          f.call(recurOpened, { rows, columns: hidden, a: dPre, panel: scratch, ...sum });
          f.call(recurFresh, { rows, columns: hidden, a: dFresh, panel: freshPanel, ...sum });
          for (const values of [fresh, h, dh, dFresh]) values.set(values.sub(stepBytes));
          for (const values of [gates, dPre]) values.set(values.sub(stepBytes.mul(3)));
        },
      );
    },
  );
}

/** The gradients of one step's pre-activations, of `fresh`, and of the state before it as far as it is no product's. */
function defineDerivative(module: ModuleBuilder, hidden: number) {
  const parameters = integers("rows", "gates", "fresh", "before", "dh", "dState", "dPre", "dFresh");
  return module.function("differentiate", parameters, (f, { rows, gates, fresh, before, dh, dState, dPre, dFresh }) => {
    const pointers = [
      ...[gates, dPre].map((pointer) => ({ pointer, gates: 3 })),
      ...[fresh, before, dh, dState, dFresh].map((pointer) => ({ pointer, gates: 1 })),
    ];
    const one = f.constant("f32x4", 1);
    const kept = (value: Value<"f32x4">) => f.local("f32x4", value);
    forUnits(f, rows, hidden, pointers, (lanes) => {
      const [r, z, n] = ([0, 1, 2] as const).map((gate) => loadUnits(f, gates, lanes, gate * hidden * 4)) as [
        Vectors,
        Vectors,
        Vectors,
      ];
      const [recurrent, states] = [loadUnits(f, fresh, lanes), loadUnits(f, before, lanes)];
      const [dOut, dNext] = [loadUnits(f, dh, lanes), loadUnits(f, dState, lanes)];
      const gradients = states.map((state, v) => {
        const [rv, zv, nv] = [r[v]!, z[v]!, n[v]!];
        const dH = kept(dOut[v]!.add(dNext[v]!));
        const dN = kept(dH.mul(one.sub(zv)).mul(nmadd(nv, nv, one)));
        return {
          r: kept(dN.mul(recurrent[v]!).mul(rv).mul(one.sub(rv))),
          z: kept(dH.mul(state.sub(nv)).mul(zv).mul(one.sub(zv))),
          n: dN,
          fresh: kept(dN.mul(rv)),
          state: kept(dH.mul(zv)),
        };
      });
      for (const [gate, key] of (["r", "z", "n"] as const).entries()) {
        storeUnits(
          f,
          dPre,
          lanes,
          gradients.map((gradient) => gradient[key]),
          gate * hidden * 4,
        );
      }
      storeUnits(
        f,
        dFresh,
        lanes,
        gradients.map((gradient) => gradient.fresh),
      );
      storeUnits(
        f,
        dState,
        lanes,
        gradients.map((gradient) => gradient.state),
      );
    });
  });
}
