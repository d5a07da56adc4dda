// Reading and adding rows by their numbers, as embeddings do: generated along the first dimension, plain along others.

import { around, sizeOf } from "../../../core/shape.ts";
import type { KernelTable } from "../../backend.ts";
import { checked } from "../../cpu/indexing.ts";
import { defineRows, type RowsOp } from "../indexing/rows.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { addressOf, type HeapOperand, runPlain } from "../plain-kernels.ts";
import type { Runtime } from "../runtime.ts";

export function indexingKernels({ library, team }: Runtime) {
  const kernels = library.family("rows");

  /** Between rows of `table` and the rows that `index` lists. */
  const run = (op: RowsOp, table: HeapOperand, index: HeapOperand, from: HeapOperand, to: HeapOperand) => {
    const { length, inner } = around(table.shape, 0);
    const values = index.buffer.values;
    const count = sizeOf(index.shape);
    for (let i = 0; i < count; i++) checked(op, values[index.offset + i]!, length);
    const kernel = kernels.get(op, (module, name) => defineRows(module, name, op));
    team.run(kernel, [[count, inner, addressOf(index), addressOf(from), addressOf(to)]]);
  };

  return {
    indexSelect: ([x, index], y, params) => {
      if (x.dtype === "bool" || params.dim !== 0) runPlain("indexSelect", [x, index], y, params);
      else run("indexSelect", x, index, x, y);
    },
    indexAdd: ([base, index, source], y, params) => {
      if (y.dtype !== "float32" || params.dim !== 0) {
        runPlain("indexAdd", [base, index, source], y, params);
        return;
      }
      y.buffer.values.set(base.buffer.values.subarray(base.offset, base.offset + sizeOf(base.shape)));
      run("indexAdd", base, index, source, y);
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}
