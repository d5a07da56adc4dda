// The ops rnn, gru, lstm and their gradients: the generated walks of recurrent/, rows of the batch dealt to the threads. What
// lies in a reserve, says ops/inference/recurrent.ts.

import type { Nonlinearity } from "../../../ops/table.ts";
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
import { evenly } from "../work.ts";

/** An array of a kernel, by its first row. */
interface RowArray {
  readonly address: number;
  /** From one row of the batch to the next; 0 where all share it. */
  readonly rowBytes: number;
}

interface Sizes {
  readonly steps: number;
  readonly rows: number;
  readonly hidden: number;
}

/** Walks over a sequence, with what the kernel takes between `stepRows` and `scratch`. */
type Walk = (sizes: Sizes, arrays: readonly RowArray[]) => void;

/** Elements of a buffer from `offset` on. */
type Elements = Pick<Operand<HeapBuffer>, "buffer" | "offset">;

export function recurrentKernels(runtime: Runtime) {
  const walks = {
    rnn: rnnWalks(runtime, "rnn", defineRnnForward),
    rnnBackward: rnnWalks(runtime, "rnn backward", defineRnnBackward),
    gru: walker(runtime, "gru", 3, defineGruForward, gruScratchBytesOf),
    gruBackward: walker(runtime, "gru backward", 3, defineGruBackward, gruScratchBytesOf),
    lstm: walker(runtime, "lstm", 4, defineLstmForward, lstmScratchBytesOf),
    lstmBackward: walker(runtime, "lstm backward", 4, defineLstmBackward, lstmScratchBytesOf),
  };
  return {
    rnn: ([pre, weight, h0], y, { nonlinearity }) => {
      const sizes = sizesOf(y);
      const { hidden, size } = sizes;
      copyRows(h0, y, 0, size);
      walks.rnn[nonlinearity](sizes, [
        shared(weight),
        rowsOf(pre, 0, hidden),
        rowsOf(h0, 0, hidden),
        rowsOf(y, size, hidden),
      ]);
    },
    rnnBackward: ([grad, weight, states], y, { nonlinearity }) => {
      const sizes = sizesOf(grad);
      const { steps, hidden, size } = sizes;
      const first = steps * size;
      floats(y).fill(0, first, first + size);
      walks.rnnBackward[nonlinearity](sizes, [
        ...[shared(weight), rowsOf(states, size, hidden), rowsOf(grad, size, hidden)],
        ...[rowsOf(y, first, hidden), rowsOf(y, 0, hidden)],
      ]);
      addRows(grad, y, first, size);
    },
    gru: ([pre, weight, bias, h0], y) => {
      const sizes = sizesOf(y);
      const { steps, hidden, size } = sizes;
      const reserve = reserveOf(y);
      copyRows(h0, y, 0, size);
      walks.gru(sizes, [
        ...[shared(weight), shared(bias), rowsOf(pre, 0, 3 * hidden), rowsOf(h0, 0, hidden)],
        ...[rowsOf(reserve, 0, 3 * hidden), rowsOf(reserve, 3 * steps * size, hidden), rowsOf(y, size, hidden)],
      ]);
    },
    gruBackward: ([grad, weight, states, reserve], y) => {
      const sizes = sizesOf(grad);
      const { steps, hidden, size } = sizes;
      const first = 4 * steps * size;
      floats(y).fill(0, first, first + size);
      walks.gruBackward(sizes, [
        ...[shared(weight), rowsOf(reserve, 0, 3 * hidden), rowsOf(reserve, 3 * steps * size, hidden)],
        ...[rowsOf(states, 0, hidden), rowsOf(states, size, hidden), rowsOf(grad, size, hidden)],
        ...[rowsOf(y, first, hidden), rowsOf(y, 0, 3 * hidden), rowsOf(y, 3 * steps * size, hidden)],
      ]);
      addRows(grad, y, first, size);
    },
    lstm: ([pre, weight, h0, c0], y) => {
      const sizes = sizesOf(y, 1);
      const { steps, hidden, size } = sizes;
      const reserve = reserveOf(y);
      copyRows(h0, y, 0, size);
      walks.lstm(sizes, [
        ...[shared(weight), rowsOf(pre, 0, 4 * hidden), rowsOf(h0, 0, hidden), rowsOf(c0, 0, hidden)],
        ...[rowsOf(reserve, steps * size, 4 * hidden), rowsOf(y, size, hidden), rowsOf(reserve, 0, hidden)],
      ]);
      const last = steps === 0 ? c0 : { ...reserve, offset: (steps - 1) * size };
      copyRows(last, y, (steps + 1) * size, size);
    },
    lstmBackward: ([grad, weight, , reserve, c0], y) => {
      const sizes = sizesOf(grad, 1);
      const { steps, hidden, size } = sizes;
      const first = 4 * steps * size;
      floats(y).fill(0, first, first + size);
      copyRows({ ...grad, offset: grad.offset + (steps + 1) * size }, y, first + size, size);
      walks.lstmBackward(sizes, [
        ...[
          shared(weight),
          rowsOf(reserve, steps * size, 4 * hidden),
          rowsOf(c0, 0, hidden),
          rowsOf(reserve, 0, hidden),
        ],
        ...[
          rowsOf(grad, size, hidden),
          rowsOf(y, first, hidden),
          rowsOf(y, first + size, hidden),
          rowsOf(y, 0, 4 * hidden),
        ],
      ]);
      addRows(grad, y, first, size);
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

function rnnWalks(
  runtime: Runtime,
  name: string,
  define: typeof defineRnnForward,
): Readonly<Record<Nonlinearity, Walk>> {
  const walkOf = (nonlinearity: Nonlinearity): Walk => {
    const defineOf: Define = (module, kernel, sizes) => define(module, kernel, nonlinearity, sizes);
    return walker(runtime, `${name}, ${nonlinearity}`, 1, defineOf, rnnScratchBytesOf);
  };
  return { tanh: walkOf("tanh"), relu: walkOf("relu") };
}

type Define = (...given: [...Parameters<DefineKernel>, RecurrentSizes]) => void;

/** Runs walks of one kind on the team: weights have `gates` blocks of rows. */
function walker(
  { library, team, scratch }: Runtime,
  name: string,
  gates: number,
  define: Define,
  scratchBytesOf: (sizes: RecurrentSizes) => number,
): Walk {
  const kernels = library.family(name);
  const tile = tilesFor(library);
  return ({ steps, rows, hidden }, arrays) => {
    if (steps * rows * hidden === 0) return;
    const sizes = { hidden, tile };
    const kernel = kernels.get(`${hidden} units`, (module, exported) => define(module, exported, sizes));
    const bytes = scratchBytesOf(sizes);
    const parts = evenly(rows, team.partsFor(steps * rows * gates * hidden ** 2));
    team.run(
      kernel,
      parts.map(({ start: first, end }, i) => [
        ...[steps, end - first, rows],
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
function rowsOf({ buffer, offset }: Elements, start: number, width: number): RowArray {
  return { address: buffer.address + 4 * (offset + start), rowBytes: 4 * width };
}

function shared(operand: Elements): RowArray {
  return rowsOf(operand, 0, 0);
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
