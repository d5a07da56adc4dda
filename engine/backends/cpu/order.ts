// CPU kernels along one dimension: running sums, recurrences, sorting. Sums run in float64.

import type { TypedArray } from "../../core/dtype.ts";
import type { KernelTable } from "../backend.ts";
import { eachLine } from "./lines.ts";

export const orderKernels = {
  cumsum: ([x], y, { dim }) => {
    eachLine(x.shape, dim, (_, start, length, stride) => {
      let sum = 0;
      for (let k = 0; k < length; k++) {
        sum += x.buffer[start + k * stride]!;
        y.buffer[start + k * stride] = sum;
      }
    });
  },
  recurrence: ([a, b], y, { dim }) => {
    eachLine(b.shape, dim, (_, start, length, stride) => {
      if (length === 0) return;
      let value = b.buffer[start]!;
      y.buffer[start] = value;
      for (let k = 1; k < length; k++) {
        const at = start + k * stride;
        value = a.buffer[at]! * value + b.buffer[at]!;
        y.buffer[at] = value;
      }
    });
  },
  argsort: ([x], y, { dim, descending }) => {
    eachLine(x.shape, dim, (_, start, length, stride) => {
      const at = (k: number) => x.buffer[start + k * stride]!;
      const places = Int32Array.from({ length }, (_, k) => k);
      // Equal elements keep their order, in both directions.
      places.sort((i, j) => (descending ? order(at(j), at(i)) : order(at(i), at(j))) || i - j);
      for (let k = 0; k < length; k++) y.buffer[start + k * stride] = places[k]!;
    });
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** Negative where a comes first; a NaN comes after everything, as in torch. */
function order(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}
