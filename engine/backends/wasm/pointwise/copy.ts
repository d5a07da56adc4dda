// Plans copies of any layout into rows without gaps: matrices that lie transposed go through transpose-copy.ts, all others
// are elementwise work.

import type { DType } from "../../../core/dtype.ts";
import { type Shape, sizeOf, stridesOf } from "../../../core/shape.ts";
import { cutsOf, type Work } from "../work.ts";
import { type Placed, planPointwise } from "./plan.ts";
import { copyProgram } from "./programs.ts";
import { defineTransposeCopy, transposeCopyKey } from "./transpose-copy.ts";

/** Two dimensions to swap, `rows` neighbours in the source, and one around them; strides in elements. */
interface Swap {
  readonly batch: { readonly size: number; readonly stride: number };
  readonly rows: { readonly size: number };
  readonly columns: { readonly size: number; readonly stride: number };
}

/** Writes the elements of `from` row by row from `to` on, in parts of about `grain` elements. */
export function planCopy(dtype: DType, shape: Shape, to: number, from: Placed, grain: number): Work {
  const swap = dtype === "bool" ? undefined : swapOf(shape, from.strides);
  if (swap === undefined) {
    const output = { address: to, strides: stridesOf(shape) };
    return planPointwise(copyProgram(dtype), shape, output, [from], grain);
  }
  const { batch, rows, columns } = swap;
  const plane = rows.size * columns.size;
  const parts = Math.ceil(sizeOf(shape) / grain);
  const alongBatch = batch.size >= parts;
  const cuts = alongBatch ? cutsOf(batch.size, parts) : cutsOf(rows.size, parts, 16);
  const calls = cuts.slice(1).map((end, i) => {
    const start = cuts[i]!;
    const [toStep, fromStep] = alongBatch ? [plane, batch.stride] : [columns.size, 1];
    const sizes = alongBatch ? [end - start, rows.size] : [batch.size, end - start];
    const target = [to + start * toStep * 4, columns.size * 4, plane * 4];
    const source = [from.address + start * fromStep * 4, columns.stride * 4, batch.stride * 4];
    return [...sizes, columns.size, ...target, ...source];
  });
  return { key: transposeCopyKey, define: defineTransposeCopy, calls };
}

/** The layout as batch × rows × columns with rows of neighbours, if it is one. */
function swapOf(shape: Shape, strides: readonly number[]): Swap | undefined {
  const dims: { size: number; stride: number }[] = [];
  for (const [dim, size] of shape.entries()) {
    const stride = strides[dim]!;
    const last = dims.at(-1);
    if (size === 0) return undefined;
    if (size === 1) continue;
    if (last !== undefined && last.stride === stride * size) dims[dims.length - 1] = { size: last.size * size, stride };
    else dims.push({ size, stride });
  }
  const [columns, rows, batch = { size: 1, stride: 0 }, ...others] = dims.reverse();
  if (columns === undefined || rows === undefined || others.length > 0) return undefined;
  return rows.stride === 1 && columns.stride !== 0 ? { batch, rows, columns } : undefined;
}
