// Sizes of one pooling of planes (the images' channels, one after the other), known when its kernel is generated.

import type { Pair } from "../../../ops/table.ts";

export interface PoolGeometry {
  /** Height and width. */
  readonly input: Pair;
  readonly output: Pair;
  readonly kernelSize: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  /** Of maxima; means have [1, 1]. */
  readonly dilation: Pair;
  /** Of means: padding counts as elements of value 0. */
  readonly countIncludePad: boolean;
}

/** From x: maxima, where they are in their plane, means. From gradients, the input's gradient: of maxima (x, then grad), of means. */
export type PoolOp = "maxPool2d" | "maxPool2dIndices" | "maxPool2dInput" | "avgPool2d" | "avgPool2dInput";

/** Operands of an op, by size. */
export const poolOperands = {
  maxPool2d: ["input"],
  maxPool2dIndices: ["input"],
  maxPool2dInput: ["input", "output"],
  avgPool2d: ["input"],
  avgPool2dInput: ["output"],
} as const satisfies Record<PoolOp, readonly ("input" | "output")[]>;

/** Which plane an op writes. */
export function resultOf(op: PoolOp): "input" | "output" {
  return op === "maxPool2dInput" || op === "avgPool2dInput" ? "input" : "output";
}

export function sizeOfPlane([height, width]: Pair): number {
  return height * width;
}

/** Windows of 2 × 2 side by side, all of them within the image, and at least four in a row. */
export function isHalving({ input, output, kernelSize, stride, padding, dilation }: PoolGeometry): boolean {
  const isTwo = [...kernelSize, ...stride].every((size) => size === 2);
  const isPlain = [...padding].every((size) => size === 0) && [...dilation].every((size) => size === 1);
  return isTwo && isPlain && output[1] >= 4 && output.every((size, axis) => size * 2 <= input[axis]!);
}
