// What convolution, pooling and patches share: a batch dimension for single images, a height for sequences, checks of
// counts. Sizes of results are inference.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { reshape, unsqueeze } from "../movement/movement.ts";
import { type PairLike, pairOf } from "../operands.ts";

/** Throws an ArgumentError for an option that is not whole or smaller than `least`. */
export function requireCounts(op: string, options: Readonly<Record<string, PairLike>>, least: number): void {
  for (const [name, value] of Object.entries(options)) {
    const pair = pairOf(value);
    if (pair.length === 2 && pair.every((count) => Number.isInteger(count) && count >= least)) continue;
    const hint = "Give one number, or [height, width].";
    throw new ArgumentError(op, `${name} must be whole and at least ${least}, got ${value}`, hint);
  }
}

/** Gives a single image C × H × W a batch dimension for the time of `fn`. */
export function batched(x: Tensor, fn: (images: Tensor) => Tensor): Tensor {
  if (x.ndim !== 3) return fn(x);
  const result = fn(unsqueeze(x, 0));
  return reshape(result, result.shape.slice(1));
}

/** Makes images of height 1 of sequences N × C × L (or C × L) for the time of `fn`. */
export function asImages(op: string, x: Tensor, fn: (images: Tensor) => Tensor): Tensor {
  requireSequence(op, x);
  const result = fn(reshape(x, [...(x.ndim === 2 ? [1] : []), ...x.shape.slice(0, -1), 1, x.shape.at(-1)!]));
  return reshape(result, [...result.shape.slice(x.ndim === 2 ? 1 : 0, -2), result.shape.at(-1)!]);
}

/** A length as the size of an image of height 1. */
export function across(length: number): readonly [height: number, width: number] {
  return [1, length];
}

function requireSequence(op: string, x: Tensor): void {
  if (x.ndim === 2 || x.ndim === 3) return;
  const hint = "A batch of sequences has 3 dimensions, a single one 2; unsqueeze(-2) adds a channel.";
  throw ShapeError.of(op, "input must be N × C × L or C × L", { input: x.shape }, hint);
}

/** Throws a ShapeError if a window of `span` entries does not fit into a padded line. */
export function requireFit(op: string, x: Tensor, span: number, padding: number): void {
  const length = x.shape.at(-1)!;
  if (length + 2 * padding >= span) return;
  const problem = `a window of ${span} does not fit into ${length} entries with padding ${padding}`;
  throw ShapeError.of(op, problem, { input: x.shape }, "Use a smaller kernel, more padding, or a longer input.");
}
