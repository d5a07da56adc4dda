// Checks that several families of inference share.

import { DtypeError, ShapeError } from "../../core/errors.ts";
import type { Meta } from "../table.ts";

export function requireFloat(op: string, x: Meta): void {
  if (x.dtype === "float32") return;
  throw new DtypeError(op, `needs float32, got ${x.dtype}`, [x.dtype], 'Convert with .to("float32").');
}

export function requireIndex(op: string, index: Meta): void {
  if (index.dtype === "int32") return;
  throw new DtypeError(
    op,
    `indices must be int32, got ${index.dtype}`,
    [index.dtype],
    'Convert with .to("int32"), or create them with { dtype: "int32" }.',
  );
}

export function requireRank(op: string, name: string, x: Meta, rank: number, layout: string): void {
  if (x.shape.length === rank) return;
  throw ShapeError.of(
    op,
    `${name} must have ${rank} dimensions (${layout})`,
    { [name]: x.shape },
    "unsqueeze adds a dimension of size 1, reshape joins or splits them.",
  );
}

/** A bias, if there is one, has an element for each of `count` outputs. */
export function requireBias(op: string, bias: Meta | undefined, count: number): void {
  if (bias === undefined || (bias.shape.length === 1 && bias.shape[0] === count && bias.dtype === "float32")) return;
  const hint = "The bias is float32 and has one element for each filter or output.";
  throw ShapeError.of(op, `bias must have shape [${count}]`, { bias: bias.shape }, hint);
}
