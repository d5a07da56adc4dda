// Walks broadcast operands in runs: the loops of pointwise and reduction kernels stay simple and long. No arithmetic here.

import { broadcastStrides, type Layout } from "../../core/layout.ts";
import type { Shape } from "../../core/shape.ts";

type Run = (n: number, iy: number, offsets: readonly number[], strides: readonly number[]) => void;

/**
 * Cuts a broadcast into the longest runs along which every operand advances evenly or stands still, and calls `run` with
 * where each operand starts and how far it steps.
 */
export function eachRun(shape: Shape, operands: readonly Layout[], run: Run): void {
  const { sizes, strides } = collapse(
    shape,
    operands.map((operand) => broadcastStrides(operand, shape)),
  );
  const last = sizes.length - 1;
  const n = sizes[last] ?? 1;
  const outer = sizes.slice(0, Math.max(last, 0));
  const runs = outer.reduce((product, size) => product * size, 1);
  const runStrides = strides.map((s) => s[last] ?? 1);
  const offsets = operands.map(({ offset }) => offset);
  const counter = outer.map(() => 0);
  for (let index = 0; index < runs && n > 0; index++) {
    run(n, index * n, offsets, runStrides);
    for (let dim = outer.length - 1; dim >= 0; dim--) {
      counter[dim]!++;
      const wrapped = counter[dim] === outer[dim];
      if (wrapped) counter[dim] = 0;
      for (let k = 0; k < offsets.length; k++) {
        const stride = strides[k]![dim]!;
        offsets[k]! += wrapped ? -stride * (outer[dim]! - 1) : stride;
      }
      if (!wrapped) break;
    }
  }
}

/** Joins neighbouring dimensions that every operand walks through in one stride, and drops those of size 1. */
export function collapse(shape: Shape, all: readonly (readonly number[])[]): { sizes: number[]; strides: number[][] } {
  const sizes: number[] = [];
  const strides: number[][] = all.map(() => []);
  for (let dim = 0; dim < shape.length; dim++) {
    const size = shape[dim]!;
    if (size === 1) continue;
    const last = sizes.length - 1;
    const joins = last >= 0 && all.every((own, k) => strides[k]![last] === own[dim]! * size);
    if (joins) sizes[last]! *= size;
    else sizes.push(size);
    const at = joins ? last : sizes.length - 1;
    all.forEach((own, k) => {
      strides[k]![at] = own[dim]!;
    });
  }
  return { sizes, strides };
}
