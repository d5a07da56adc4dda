// Walks the lines of a tensor along one dimension. No arithmetic here; used by reduction, order and classification kernels.

import { around, type Shape } from "../../core/shape.ts";

type Visit = (line: number, start: number, length: number, stride: number) => void;

/** Calls `visit` for every line along `dim`, with where it starts and how far apart its elements are. */
export function eachLine(shape: Shape, dim: number, visit: Visit): void {
  const { outer, length, inner } = around(shape, dim);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) visit(o * inner + i, o * length * inner + i, length, inner);
  }
}
