// The hidden part of a simple recurrent network over a whole sequence, forwards and backwards, for some rows of a batch;
// what is not done here, and how parts and directions are told, is in lstm.ts. Formulas in nn/functional/recurrent/rnn.ts.

import { type FunctionBuilder, integers, type Local, type ModuleBuilder, nmadd, select } from "../assembler/index.ts";
import { tanh } from "../math/index.ts";
import { definePack } from "../matmul/pack.ts";
import { defineProduct, panelBytesOf } from "./product.ts";
import type { RecurrentSizes } from "./sizes.ts";
import { forUnits, loadUnits, storeUnits } from "./units.ts";

export type Nonlinearity = "tanh" | "relu";

/** Forwards: pre, h [T, B, H], weight [H, H], h0 [B, H]. `h` may be `pre`. */
export type RnnForward = (
  steps: number,
  rows: number,
  stepRows: number,
  weight: number,
  pre: number,
  h0: number,
  h: number,
  scratch: number,
) => void;

/**
 * Backwards. `dh` is the gradient of h [T, B, H]; `dState` [B, H] holds what else the gradient of the last h has, and gets
 * that of h0. `dPre` [T, B, H] gets that of the pre-activations; it may be `dh`.
 */
export type RnnBackward = (
  steps: number,
  rows: number,
  stepRows: number,
  weight: number,
  h: number,
  dh: number,
  dState: number,
  dPre: number,
  scratch: number,
) => void;

interface Phi {
  readonly value: (x: Local<"f32x4">, f: FunctionBuilder) => ReturnType<typeof tanh>;
  /** The gradient of x, given y = φ(x) and its gradient. */
  readonly gradient: (y: Local<"f32x4">, dy: Local<"f32x4">, f: FunctionBuilder) => ReturnType<typeof tanh>;
}

const phis: Readonly<Record<Nonlinearity, Phi>> = {
  tanh: { value: tanh, gradient: (y, dy, f) => dy.mul(nmadd(y, y, f.constant("f32x4", 1))) },
  relu: {
    value: (x, f) => x.pmax(f.constant("f32x4", 0)),
    gradient: (y, dy, f) => select(y.le(f.constant("f32x4", 0)), f.constant("f32x4", 0), dy),
  },
};

/** Bytes of scratch space that a call needs, forwards or backwards. */
export function rnnScratchBytesOf({ hidden, tile }: RecurrentSizes): number {
  return panelBytesOf(tile, hidden, hidden);
}

function productOf({ hidden, tile }: RecurrentSizes, adds: boolean) {
  return { k: hidden, columns: [hidden], aRowBytes: hidden * 4, adds, tile };
}

export function defineRnnForward(
  module: ModuleBuilder,
  name: string,
  nonlinearity: Nonlinearity,
  sizes: RecurrentSizes,
): void {
  const { hidden, tile } = sizes;
  const pack = definePack(module, "pack weights", tile.vectors * 4);
  const product = defineProduct(module, "recur", productOf(sizes, true));
  const activate = module.function("activate", integers("rows", "h"), (f, { rows, h }) => {
    forUnits(f, rows, hidden, [{ pointer: h, gates: 1 }], (lanes) => {
      const states = loadUnits(f, h, lanes);
      for (const state of states) state.set(phis[nonlinearity].value(state, f));
      storeUnits(f, h, lanes, states);
    });
  });
  const parameters = integers("steps", "rows", "stepRows", "weight", "pre", "h0", "h", "scratch");
  module.export(name, parameters, (f, { steps, rows, stepRows, weight, pre, h0: before, h, scratch }) => {
    const rowBytes = hidden * 4;
    const lines = { to: scratch, from: weight, lines: hidden, k: hidden };
    f.call(pack, { ...lines, lineBytes: rowBytes, elementBytes: 4 });
    const stepBytes = f.local("i32", stepRows.mul(rowBytes));
    f.for(f.local("i32"), 0, steps, 1, () => {
      const sum = { addend: pre, addendRowBytes: rowBytes, out: h, outRowBytes: rowBytes };
      f.call(product, { rows, columns: hidden, a: before, panel: scratch, ...sum });
      f.call(activate, { rows, h });
      before.set(h);
      for (const values of [pre, h]) values.increase(stepBytes);
    });
  });
}

export function defineRnnBackward(
  module: ModuleBuilder,
  name: string,
  nonlinearity: Nonlinearity,
  sizes: RecurrentSizes,
): void {
  const { hidden, tile } = sizes;
  const pack = definePack(module, "pack weights", tile.vectors * 4);
  const product = defineProduct(module, "recur", productOf(sizes, false));
  const differentiate = module.function(
    "differentiate",
    integers("rows", "h", "dh", "dState", "dPre"),
    (f, { rows, h, dh, dState, dPre }) => {
      const pointers = [h, dh, dState, dPre].map((pointer) => ({ pointer, gates: 1 }));
      forUnits(f, rows, hidden, pointers, (lanes) => {
        const [state, dOut, dNext] = [loadUnits(f, h, lanes), loadUnits(f, dh, lanes), loadUnits(f, dState, lanes)];
        const gradients = state.map((y, v) => {
          const dy = f.local("f32x4", dOut[v]!.add(dNext[v]!));
          return f.local("f32x4", phis[nonlinearity].gradient(y, dy, f));
        });
        storeUnits(f, dPre, lanes, gradients);
      });
    },
  );
  const parameters = integers("steps", "rows", "stepRows", "weight", "h", "dh", "dState", "dPre", "scratch");
  module.export(name, parameters, (f, { steps, rows, stepRows, weight, h, dh, dState, dPre, scratch }) => {
    const rowBytes = hidden * 4;
    const lines = { to: scratch, from: weight, lines: hidden, k: hidden };
    f.call(pack, { ...lines, lineBytes: 4, elementBytes: rowBytes });
    const stepBytes = f.local("i32", stepRows.mul(rowBytes));
    const toLast = f.local("i32", stepBytes.mul(steps.sub(1)));
    for (const values of [h, dh, dPre]) values.increase(toLast);
    f.for(f.local("i32"), 0, steps, 1, () => {
      f.call(differentiate, { rows, h, dh, dState, dPre });
      const none = { addend: 0, addendRowBytes: 0 };
      f.call(product, { rows, columns: hidden, a: dPre, panel: scratch, ...none, out: dState, outRowBytes: rowBytes });
      for (const values of [h, dh, dPre]) values.set(values.sub(stepBytes));
    });
  });
}
