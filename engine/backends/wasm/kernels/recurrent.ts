// The ops rnn, gru, lstm and their gradients: the generated walks of recurrent/, rows of the batch dealt to the threads. What
// lies in a reserve, says ops/inference/recurrent.ts.

import type { KernelTable, Operand, Output } from "../../backend.ts";
import type { DefineKernel } from "../kernel-library.ts";
import { tilesFor } from "../matmul/matmul.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
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
} from "../recurrent/index.ts";
import type { Runtime } from "../runtime.ts";
import { cut } from "./parts.ts";

/** A walk over a whole sequence. */
interface Walk {
  readonly key: string;
  readonly define: (...of: [...Parameters<DefineKernel>, RecurrentSizes]) => void;
  readonly scratchBytesOf: (sizes: RecurrentSizes) => number;
  readonly steps: number;
  readonly rows: number;
  readonly hidden: number;
  /** Blocks of rows of the weight. */
  readonly gates: number;
  /** What the kernel takes between `stepRows` and `scratch`. */
  readonly arrays: readonly RowArray[];
}

/** An array of the kernel, by its first row. */
interface RowArray {
  readonly address: number;
  /** From one row of the batch to the next; 0 where all share it. */
  readonly rowBytes: number;
}

/** Elements of a buffer from `offset` on. */
type Elements = Pick<Operand<HeapBuffer>, "buffer" | "offset">;

export function recurrentKernels(runtime: Runtime) {
  const walk = walker(runtime);
  return {
    rnn: ([pre, weight, h0], y, { nonlinearity }) => {
      const sizes = sizesOf(y);
      const { hidden, size } = sizes;
      copyRows(h0, y, 0, size);
      const arrays = [shared(weight), of(pre, 0, hidden), of(h0, 0, hidden), of(y, size, hidden)];
      const define: Walk["define"] = (module, name, of) => defineRnnForward(module, name, nonlinearity, of);
      walk({ key: `rnn ${nonlinearity}`, define, scratchBytesOf: rnnScratchBytesOf, ...sizes, gates: 1, arrays });
    },
    rnnBackward: ([grad, weight, states], y, { nonlinearity }) => {
      const sizes = sizesOf(grad);
      const { steps, hidden, size } = sizes;
      const first = steps * size;
      floats(y).fill(0, first, first + size);
      const arrays = [
        ...[shared(weight), of(states, size, hidden), of(grad, size, hidden)],
        ...[of(y, first, hidden), of(y, 0, hidden)],
      ];
      const define: Walk["define"] = (module, name, of) => defineRnnBackward(module, name, nonlinearity, of);
      const key = `rnn ${nonlinearity} backward`;
      walk({ key, define, scratchBytesOf: rnnScratchBytesOf, ...sizes, gates: 1, arrays });
      addRows(grad, y, first, size);
    },
    gru: ([pre, weight, bias, h0], y) => {
      const sizes = sizesOf(y);
      const { steps, hidden, size } = sizes;
      copyRows(h0, y, 0, size);
      const reserve = reserveOf(y);
      const arrays = [
        ...[shared(weight), shared(bias), of(pre, 0, 3 * hidden), of(h0, 0, hidden)],
        ...[of(reserve, 0, 3 * hidden), of(reserve, 3 * steps * size, hidden), of(y, size, hidden)],
      ];
      walk({ key: "gru", define: defineGruForward, scratchBytesOf: gruScratchBytesOf, ...sizes, gates: 3, arrays });
    },
    gruBackward: ([grad, weight, states, reserve], y) => {
      const sizes = sizesOf(grad);
      const { steps, hidden, size } = sizes;
      const first = 4 * steps * size;
      floats(y).fill(0, first, first + size);
      const arrays = [
        ...[shared(weight), of(reserve, 0, 3 * hidden), of(reserve, 3 * steps * size, hidden)],
        ...[of(states, 0, hidden), of(states, size, hidden), of(grad, size, hidden)],
        ...[of(y, first, hidden), of(y, 0, 3 * hidden), of(y, 3 * steps * size, hidden)],
      ];
      const key = "gru backward";
      walk({ key, define: defineGruBackward, scratchBytesOf: gruScratchBytesOf, ...sizes, gates: 3, arrays });
      addRows(grad, y, first, size);
    },
    lstm: ([pre, weight, h0, c0], y) => {
      const sizes = sizesOf(y, 1);
      const { steps, hidden, size } = sizes;
      copyRows(h0, y, 0, size);
      const reserve = reserveOf(y);
      const arrays = [
        ...[shared(weight), of(pre, 0, 4 * hidden), of(h0, 0, hidden), of(c0, 0, hidden)],
        ...[of(reserve, steps * size, 4 * hidden), of(y, size, hidden), of(reserve, 0, hidden)],
      ];
      walk({ key: "lstm", define: defineLstmForward, scratchBytesOf: lstmScratchBytesOf, ...sizes, gates: 4, arrays });
      const last = steps === 0 ? c0 : { ...reserve, offset: (steps - 1) * size };
      copyRows(last, y, (steps + 1) * size, size);
    },
    lstmBackward: ([grad, weight, , reserve, c0], y) => {
      const sizes = sizesOf(grad, 1);
      const { steps, hidden, size } = sizes;
      const first = 4 * steps * size;
      floats(y).fill(0, first, first + size);
      const lastCell = grad.offset + (steps + 1) * size;
      floats(y).set(floats(grad).subarray(lastCell, lastCell + size), first + size);
      const arrays = [
        ...[shared(weight), of(reserve, steps * size, 4 * hidden), of(c0, 0, hidden), of(reserve, 0, hidden)],
        ...[of(grad, size, hidden), of(y, first, hidden), of(y, first + size, hidden), of(y, 0, 4 * hidden)],
      ];
      const key = "lstm backward";
      walk({ key, define: defineLstmBackward, scratchBytesOf: lstmScratchBytesOf, ...sizes, gates: 4, arrays });
      addRows(grad, y, first, size);
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

/** Runs walks on the team. */
function walker({ library, team, scratch }: Runtime): (walk: Walk) => void {
  const kernels = library.family("recurrent");
  const tile = tilesFor(library);
  return ({ key, define, scratchBytesOf, steps, rows, hidden, gates, arrays }) => {
    if (steps * rows * hidden === 0) return;
    const sizes = { hidden, tile };
    const kernel = kernels.get(`${key}, ${hidden} units`, (module, name) => define(module, name, sizes));
    const bytes = scratchBytesOf(sizes);
    const parts = cut(rows, team.partsFor(steps * rows * gates * hidden ** 2));
    team.run(
      kernel,
      parts.map(([first, count], i) => [
        ...[steps, count, rows],
        ...arrays.map(({ address, rowBytes }) => address + first * rowBytes),
        scratch.address(i, bytes),
      ]),
    );
  };
}

/** Steps, rows and units of states h0 … hT, after which come `extra` more; `size` elements each. */
function sizesOf({ shape }: Operand<HeapBuffer>, extra = 0) {
  const [states, rows, hidden] = shape as [number, number, number];
  return { steps: states - 1 - extra, rows, hidden, size: rows * hidden };
}

/** Inference has asked for one. */
function reserveOf({ reserve }: Output<HeapBuffer>): Elements {
  return { buffer: reserve!, offset: 0 };
}

/** The rows of `width` elements that begin at element `start` of an operand. */
function of({ buffer, offset }: Elements, start: number, width: number): RowArray {
  return { address: buffer.address + 4 * (offset + start), rowBytes: 4 * width };
}

function shared(operand: Elements): RowArray {
  return of(operand, 0, 0);
}

function floats({ buffer }: Elements): Float32Array {
  return buffer.values as Float32Array;
}

/** Writes the first `size` elements of `x` into `y` from element `to` on. */
function copyRows(x: Elements, y: Elements, to: number, size: number): void {
  floats(y).set(floats(x).subarray(x.offset, x.offset + size), to);
}

/** Adds them. */
function addRows(x: Elements, y: Elements, to: number, size: number): void {
  const [from, sums] = [floats(x), floats(y)];
  for (let i = 0; i < size; i++) sums[to + i]! += from[x.offset + i]!;
}
