// Index arithmetic: how a kernel finds its elements in operands of any layout. Dimensions that all operands walk through in one
// stride are joined first, so that most ops know one dimension, without any division.

import type { Layout } from "../../../core/layout.ts";
import { broadcastStrides } from "../../../core/layout.ts";
import type { Shape } from "../../../core/shape.ts";
import { sizeOf } from "../../../core/shape.ts";
import { collapse } from "../../cpu/runs.ts";

/** Operands broadcast to one shape, in as few dimensions as possible; at least one. */
export interface Walk {
  /** Elements of the shape. */
  readonly count: number;
  readonly rank: number;
  readonly sizes: readonly number[];
  /** For each operand, where it starts and how far it steps along each dimension. */
  readonly offsets: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

export function walk(shape: Shape, operands: readonly Layout[]): Walk {
  const all = operands.map((operand) => broadcastStrides(operand, shape));
  return joined(
    shape,
    all,
    operands.map(({ offset }) => offset),
  );
}

/** The same for strides that are known already. */
export function joined(shape: Shape, all: readonly (readonly number[])[], offsets: readonly number[]): Walk {
  const { sizes, strides } = collapse(shape, all);
  if (sizes.length === 0) return { count: 1, rank: 1, sizes: [1], offsets, strides: all.map(() => [0]) };
  return { count: sizeOf(shape), rank: sizes.length, sizes, offsets, strides };
}

/**
 * WGSL: the coordinates of `index` as `c0`, `c1`, … (i32), row by row in the uniforms `sizes0`, …. `letter` and `sizes` are
 * names for a second walk in one kernel.
 */
export function coordinates(rank: number, index = "index", letter = "c", sizes = "sizes"): string {
  if (rank === 1) return `let ${letter}0 = i32(${index});`;
  const lines = [`var ${letter}Rest = ${index};`];
  for (let dim = rank - 1; dim > 0; dim--) {
    lines.push(`let ${letter}${dim} = i32(${letter}Rest % u.${sizes}${dim}); ${letter}Rest /= u.${sizes}${dim};`);
  }
  lines.push(`let ${letter}0 = i32(${letter}Rest);`);
  return lines.join("\n  ");
}

/** WGSL: how far coordinates are from the operand's start, by the uniforms `<strides><first>`, … (i32). */
export function distance(strides: string, rank: number, letter = "c", first = 0): string {
  return Array.from({ length: rank }, (_, dim) => `${letter}${dim} * u.${strides}${first + dim}`).join(" + ");
}
