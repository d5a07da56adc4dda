// Inference of recurrent layers over whole sequences. Beside their outputs they reserve room for what their gradients read,
// one after the other: rnn nothing, gru the activated gates [T, N, 3H] and weight · h + bias of n [T, N, H], lstm all cells
// [T, N, H] and the activated gates [T, N, 4H].

import { ShapeError } from "../../core/errors.ts";
import { type Shape, sameShape, sizeOf } from "../../core/shape.ts";
import type { Meta, OpName } from "../table.ts";
import { requireBias, requireFloat, requireRank } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

export const recurrentInference = {
  rnn: ([pre, weight, h0]) => {
    const [steps, state] = requireSequence("rnn", 1, pre, weight, { h0 });
    return { shape: [steps + 1, ...state], dtype: "float32" };
  },
  rnnBackward: ([{ shape }]) => ({ shape: [sizeOf(shape)], dtype: "float32" }),
  gru: ([pre, weight, bias, h0]) => {
    const [steps, state] = requireSequence("gru", 3, pre, weight, { h0 });
    requireBias("gru", bias, weight.shape[1]!);
    return { shape: [steps + 1, ...state], dtype: "float32", reserve: steps * 4 * sizeOf(state) };
  },
  gruBackward: ([{ shape }]) => ({ shape: [((shape[0]! - 1) * 4 + 1) * sizeOf(shape.slice(1))], dtype: "float32" }),
  lstm: ([pre, weight, h0, c0]) => {
    const [steps, state] = requireSequence("lstm", 4, pre, weight, { h0, c0 });
    return { shape: [steps + 2, ...state], dtype: "float32", reserve: steps * 5 * sizeOf(state) };
  },
  lstmBackward: ([{ shape }]) => ({ shape: [((shape[0]! - 2) * 4 + 2) * sizeOf(shape.slice(1))], dtype: "float32" }),
} satisfies Partial<InferenceTable>;

/** T and [N, H] of a sequence whose operands fit. */
function requireSequence(
  op: OpName,
  gates: number,
  pre: Meta,
  weight: Meta,
  states: Readonly<Record<string, Meta>>,
): [steps: number, state: Shape] {
  for (const operand of [pre, weight, ...Object.values(states)]) requireFloat(op, operand);
  requireRank(op, "projected input", pre, 3, "T × N × gates·H");
  requireRank(op, "weight", weight, 2, "gates·H × H");
  const [steps, rows, width] = pre.shape as [number, number, number];
  const hidden = weight.shape[1]!;
  if (width !== gates * hidden || weight.shape[0] !== width) {
    const hint = `The weight is ${gates}·H × H, and the projected input has ${gates}·H features.`;
    throw ShapeError.of(op, "weight does not fit", { "projected input": pre.shape, weight: weight.shape }, hint);
  }
  const expected = [rows, hidden];
  for (const [name, { shape }] of Object.entries(states)) {
    if (sameShape(shape, expected)) continue;
    throw ShapeError.of(
      op,
      `${name} does not fit`,
      { [name]: shape, expected },
      "States have a row for each of the batch.",
    );
  }
  return [steps, expected];
}
