// Plans softmax, its logarithm, their gradients and cross-entropy: which kernel, and which lines a call does. Float32 tensors
// without gaps, seen as outer × length × inner; addresses in bytes.

import type { Around } from "../../../core/shape.ts";
import { cutsOf, type Work } from "../work.ts";
import { defineSoftmaxColumns } from "./columns.ts";
import { defineCrossEntropy, defineCrossEntropyGradient, defineSoftmaxRows, type SoftmaxOp } from "./rows.ts";

/** `operands`: x, or for gradients the output and its gradient. In parts of about `grain` elements. */
export function planSoftmax(
  op: SoftmaxOp,
  { outer, length, inner }: Around,
  operands: readonly number[],
  result: number,
  grain: number,
): Work {
  const places = [...operands, result];
  const parts = Math.ceil((outer * length * inner) / grain);
  const at = (elements: number) => places.map((place) => place + elements * 4);
  if (inner === 1) {
    const cuts = cutsOf(outer, parts);
    const calls = cuts.slice(1).map((end, i) => [end - cuts[i]!, length, ...at(cuts[i]! * length)]);
    return { key: `${op}|rows`, define: (module, name) => defineSoftmaxRows(module, name, op), calls };
  }
  const alongOuter = outer >= Math.min(parts, inner);
  const cuts = alongOuter ? cutsOf(outer, parts) : cutsOf(inner, parts, 16);
  const calls = cuts.slice(1).map((end, i) => {
    const start = cuts[i]!;
    const sizes = alongOuter ? [end - start, inner] : [outer, end - start];
    return [...sizes, length, inner * 4, length * inner * 4, ...at(start * (alongOuter ? length * inner : 1))];
  });
  return { key: `${op}|columns`, define: (module, name) => defineSoftmaxColumns(module, name, op), calls };
}

export interface CrossEntropyRequest {
  readonly rows: number;
  readonly classes: number;
  /** int32, one for each row, below `classes` or `ignore`: whoever plans has looked. */
  readonly targets: number;
  readonly ignore: number;
  readonly grain: number;
}

/** Writes a loss for each row, and the probabilities that the gradient needs. */
export function planCrossEntropy(
  request: CrossEntropyRequest,
  at: { readonly logits: number; readonly losses: number; readonly probabilities: number },
): Work {
  const { classes, targets, ignore } = request;
  const calls = rowsOf(request).map(({ start, count }) => [
    ...[count, classes, at.logits + start * classes * 4, targets + start * 4, ignore],
    ...[at.losses + start * 4, at.probabilities + start * classes * 4],
  ]);
  return { key: "crossEntropy", define: defineCrossEntropy, calls };
}

/** Writes the logits' gradient; `scales` holds the gradient of every loss, or one for all. */
export function planCrossEntropyGradient(
  request: CrossEntropyRequest,
  at: { readonly probabilities: number; readonly scales: number; readonly result: number },
  scaleOfEachRow: boolean,
): Work {
  const { classes, targets, ignore } = request;
  const scaleBytes = scaleOfEachRow ? 4 : 0;
  const calls = rowsOf(request).map(({ start, count }) => [
    ...[count, classes, at.probabilities + start * classes * 4, targets + start * 4, ignore],
    ...[at.scales + start * scaleBytes, scaleBytes, at.result + start * classes * 4],
  ]);
  return { key: "crossEntropyGradient", define: defineCrossEntropyGradient, calls };
}

function rowsOf({ rows, classes, grain }: CrossEntropyRequest): { start: number; count: number }[] {
  const cuts = cutsOf(rows, Math.ceil((rows * classes) / grain));
  return cuts.slice(1).map((end, i) => ({ start: cuts[i]!, count: end - cuts[i]! }));
}
