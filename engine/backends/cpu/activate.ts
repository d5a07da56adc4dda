// What linear and conv2d of the CPU do last.

import type { TypedArray } from "../../core/dtype.ts";
import type { Activation } from "../../ops/table.ts";
import type { Operand } from "../backend.ts";
import { pointwiseKernels } from "./pointwise.ts";

/** Applies an activation to every element, in place. */
export function activate(y: Operand<TypedArray>, activation: Activation): void {
  if (activation !== "none") pointwiseKernels[activation]([y], y);
}
