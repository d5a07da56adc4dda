// Checks that several functions and layers share; each names its caller and what would have fitted.

import { DtypeError, ShapeError } from "../../core/errors.ts";
import { formatShape, sameShape } from "../../core/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Losses broadcast nothing: it is nearly always a mistake. */
export function requireSameShape(op: string, prediction: Tensor, target: Tensor): void {
  if (sameShape(prediction.shape, target.shape)) return;
  const hint = `Reshape the target to ${formatShape(prediction.shape)}, for example with unsqueeze(1).`;
  throw ShapeError.of(op, "shapes differ", { prediction: prediction.shape, target: target.shape }, hint);
}

/** Numbers of things are int32: a float32 list is the usual slip, since JavaScript has no integers. */
export function requireInt32(op: string, what: string, { dtype }: Tensor): void {
  if (dtype === "int32") return;
  const hint = 'Make it with tensor([…], { dtype: "int32" }) or .to("int32"); summary takes { dtype: "int32" }.';
  throw new DtypeError(op, `expected ${what} of int32, got ${dtype}`, [dtype], hint);
}

/** The ranks that a layer takes, with the names of their dimensions. */
export type Layouts = Readonly<Record<number, string>>;

/** `Conv2d: expected 4-D (N, C, H, W) or 3-D (C, H, W), got [28, 28]`. */
export function requireRank(op: string, x: Tensor, layouts: Layouts, hint?: string): void {
  if (x.ndim in layouts) return;
  const expected = Object.entries(layouts)
    .reverse()
    .map(([rank, names]) => `${rank}-D ${names}`);
  throw new ShapeError(op, `expected ${expected.join(" or ")}, got ${formatShape(x.shape)}`, [x.shape], hint);
}

/** `BatchNorm2d: expected 6 channels in dimension 1, got [8, 3, 5, 5]`. */
export function requireSize(op: string, what: string, x: Tensor, dim: number, size: number, hint?: string): void {
  const at = Math.max(dim < 0 ? x.ndim + dim : dim, 0);
  if (x.shape[at] === size) return;
  const problem = `expected ${size} ${what} in dimension ${at}, got ${formatShape(x.shape)}`;
  throw new ShapeError(op, problem, [x.shape], hint);
}
