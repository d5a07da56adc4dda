// What the functions of recurrent layers share: the projection of all time steps in one product, then a whole sequence as
// one op (`whole`) or step by step (`walk`), and one step by itself.

import { flip, narrow, select, stack } from "../../../ops/functions/movement/movement.ts";
import { add } from "../../../ops/functions/pointwise/pointwise.ts";
import { type Step, takeSteps } from "../../../ops/functions/recurrent/steps.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { linear } from "../linear.ts";

/** Weights of one layer in one direction, the blocks of its g gates one below the other. */
export interface RecurrentWeights {
  /** [g·H, I] */
  readonly weightIh: Tensor;
  /** [g·H, H] */
  readonly weightHh: Tensor;
  /** [g·H] */
  readonly biasIh?: Tensor | undefined;
  /** [g·H] */
  readonly biasHh?: Tensor | undefined;
}

export interface SequenceOptions {
  /** Walk from the last step to the first; the output keeps the order of the input. Default: false. */
  readonly reverse?: boolean;
}

/** The hidden state after every step [T, N, H], and the state after the last one walked, each [N, H]. */
export type SequenceResult = readonly [output: Tensor, ...state: Tensor[]];

/** A kind of cell: what of the bias can be added before the walk, and its step. */
export interface Cell {
  readonly inputBias: (weights: RecurrentWeights) => Tensor | undefined;
  readonly step: (weights: RecurrentWeights) => Step;
}

/** An op over a whole sequence: pre [T, N, g·H] → h0, h1 … hT and what else the last state has [T + …, N, H]. */
export type SequenceOp = (pre: Tensor) => Tensor;

/** Runs x [T, N, I] through `op`. */
export function whole(
  { inputBias }: Cell,
  op: SequenceOp,
  x: Tensor,
  weights: RecurrentWeights,
  { reverse = false }: SequenceOptions,
): SequenceResult {
  return scoped((): SequenceResult => {
    const steps = x.shape[0]!;
    const states = op(linear(reverse ? flip(x, 0) : x, weights.weightIh, inputBias(weights)));
    const output = narrow(states, 0, 1, steps);
    const last = Array.from({ length: states.shape[0]! - steps }, (_, i) => select(states, 0, steps + i));
    return [reverse ? flip(output, 0) : output, ...last];
  });
}

/** Walks over x [T, N, I] from the given state. */
export function walk(
  cell: Cell,
  x: Tensor,
  state: readonly Tensor[],
  weights: RecurrentWeights,
  { reverse = false }: SequenceOptions,
): SequenceResult {
  return scoped((): SequenceResult => {
    const pre = linear(x, weights.weightIh, cell.inputBias(weights));
    const { hidden, last } = takeSteps(cell.step(weights), pre, state, reverse);
    return [stack(hidden), ...last];
  });
}

/** One step on x [N, I]. */
export function single(cell: Cell, x: Tensor, state: readonly Tensor[], weights: RecurrentWeights): readonly Tensor[] {
  return scoped(() => cell.step(weights)(linear(x, weights.weightIh, cell.inputBias(weights)), state));
}

/** The sum of both biases, where the cell's formula lets them meet. */
export function bothBiases({ biasIh, biasHh }: RecurrentWeights): Tensor | undefined {
  return biasIh !== undefined && biasHh !== undefined ? add(biasIh, biasHh) : (biasIh ?? biasHh);
}

/** Rows of the gates `first` to `first + count - 1` of a weight or bias. */
export function gateRows(weight: Tensor, hidden: number, first: number, count = 1): Tensor {
  return narrow(weight, 0, first * hidden, count * hidden);
}
