// CPU kernels that read and write by index. Indices are checked here, where their values are known.

import type { TypedArray } from "../../core/dtype.ts";
import { ShapeError } from "../../core/errors.ts";
import { around, type Shape, stridesOf } from "../../core/shape.ts";
import type { KernelTable } from "../backend.ts";

export const indexingKernels = {
  gather: ([x, index], y, { dim }) => {
    eachIndexed("gather", x.shape, index, dim, (at, i) => {
      y.buffer[i] = x.buffer[at]!;
    });
  },
  scatterAdd: ([base, index, source], y, { dim }) => {
    y.buffer.set(base.buffer);
    eachIndexed("scatterAdd", y.shape, index, dim, (at, i) => {
      y.buffer[at]! += source.buffer[i]!;
    });
  },
  scatter: ([base, index, source], y, { dim }) => {
    y.buffer.set(base.buffer);
    eachIndexed("scatter", y.shape, index, dim, (at, i) => {
      y.buffer[at] = source.buffer[i]!;
    });
  },
  indexSelect: ([x, index], y, { dim }) => {
    const { outer, length, inner } = around(x.shape, dim);
    const count = index.buffer.length;
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < count; i++) {
        const from = (o * length + checked("indexSelect", index.buffer[i]!, length)) * inner;
        y.buffer.set(x.buffer.subarray(from, from + inner), (o * count + i) * inner);
      }
    }
  },
  indexAdd: ([base, index, source], y, { dim }) => {
    const { outer, length, inner } = around(base.shape, dim);
    const count = index.buffer.length;
    y.buffer.set(base.buffer);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < count; i++) {
        const to = (o * length + checked("indexAdd", index.buffer[i]!, length)) * inner;
        const from = (o * count + i) * inner;
        for (let k = 0; k < inner; k++) y.buffer[to + k]! += source.buffer[from + k]!;
      }
    }
  },
  oneHot: ([index], y, { classes }) => {
    y.buffer.fill(0);
    for (let i = 0; i < index.buffer.length; i++)
      y.buffer[i * classes + checked("oneHot", index.buffer[i]!, classes)] = 1;
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** Visits every element i of `index` with the offset in a tensor of `shape` that it names along `dim`. */
function eachIndexed(
  op: string,
  shape: Shape,
  index: { readonly shape: Shape; readonly buffer: TypedArray },
  dim: number,
  visit: (at: number, i: number) => void,
): void {
  const strides = stridesOf(shape);
  const counter = index.shape.map(() => 0);
  for (let i = 0; i < index.buffer.length; i++) {
    let at = checked(op, index.buffer[i]!, shape[dim] ?? 1) * (strides[dim] ?? 1);
    for (let k = 0; k < counter.length; k++) if (k !== dim) at += counter[k]! * strides[k]!;
    visit(at, i);
    for (let k = counter.length - 1; k >= 0; k--) {
      if (++counter[k]! < index.shape[k]!) break;
      counter[k] = 0;
    }
  }
}

/** The index itself, or a ShapeError that names it. */
export function checked(op: string, index: number, length: number): number {
  if (index >= 0 && index < length) return index;
  throw outOfRange(op, index, length);
}

export function outOfRange(op: string, index: number, length: number): ShapeError {
  return new ShapeError(
    op,
    `index ${index} is out of range for ${length} entries`,
    [],
    `Indices run from 0 to ${length - 1}.`,
  );
}
