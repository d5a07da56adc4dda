// CPU kernels that move elements without changing them: contiguous, pad, cat. Copies are made in blocks as long as the
// layout allows.

import type { TypedArray } from "../../core/dtype.ts";
import { around, sizeOf, stridesOf } from "../../core/shape.ts";
import type { KernelTable } from "../backend.ts";
import { eachRun } from "./runs.ts";

export const movementKernels = {
  contiguous: ([x], y) => {
    eachRun(y.shape, [x], (n, iy, [ix], [sx]) => {
      if (sx === 0) y.buffer.fill(x.buffer[ix!]!, iy, iy + n);
      else if (sx === 1) y.buffer.set(x.buffer.subarray(ix!, ix! + n), iy);
      else for (let i = 0; i < n; i++) y.buffer[iy + i] = x.buffer[ix! + i * sx!]!;
    });
  },
  pad: ([x], y, { padding, value }) => {
    // Dimensions after the last padded one move as one block.
    const last = padding.findLastIndex(([before, after]) => before > 0 || after > 0);
    const n = sizeOf(x.shape.slice(Math.max(last, 0)));
    const rows = x.shape.slice(0, Math.max(last, 0));
    const strides = stridesOf(y.shape);
    const start = padding.reduce((sum, [before], dim) => sum + before * strides[dim]!, 0);
    let end = 0;
    for (let row = 0; row < sizeOf(rows) && n > 0; row++) {
      let rest = row;
      let to = start;
      for (let dim = rows.length - 1; dim >= 0; dim--) {
        to += (rest % rows[dim]!) * strides[dim]!;
        rest = Math.floor(rest / rows[dim]!);
      }
      y.buffer.fill(value, end, to);
      y.buffer.set(x.buffer.subarray(row * n, (row + 1) * n), to);
      end = to + n;
    }
    y.buffer.fill(value, end);
  },
  cat: (inputs, y, { dim }) => {
    const whole = around(y.shape, dim);
    let start = 0;
    for (const x of inputs) {
      const block = x.shape[dim]! * whole.inner;
      for (let o = 0; o < whole.outer; o++) {
        y.buffer.set(x.buffer.subarray(o * block, (o + 1) * block), o * whole.length * whole.inner + start);
      }
      start += block;
    }
  },
} satisfies Partial<KernelTable<TypedArray>>;
