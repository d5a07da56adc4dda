// What the recurrent cells share: the projection of all time steps in one product, the walk over time, one step by
// itself. Each cell's file gives a function of the whole sequence, which a fused kernel can take the place of.

import { narrow, reshape, stack } from "../../../ops/functions/movement/movement.ts";
import { add } from "../../../ops/functions/pointwise/pointwise.ts";
import { matmul } from "../../../ops/functions/products/matmul.ts";
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

/** One step: the step's projected input [N, g·H] and the state before it → the state after it, hidden state first. */
export type Step = (projected: Tensor, state: readonly Tensor[]) => readonly Tensor[];

/** A kind of cell: what of the bias can be added before the walk, and its step. */
export interface Cell {
  readonly inputBias: (weights: RecurrentWeights) => Tensor | undefined;
  readonly step: (weights: RecurrentWeights) => Step;
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
    const step = cell.step(weights);
    const inputs = unstack(linear(x, weights.weightIh, cell.inputBias(weights)));
    const outputs = new Array<Tensor>(inputs.length);
    let current = state;
    for (let i = 0; i < inputs.length; i++) {
      const t = reverse ? inputs.length - 1 - i : i;
      const before = current;
      current = scoped(() => step(inputs[t]!, before));
      outputs[t] = current[0]!;
    }
    return [stack(outputs), ...current];
  });
}

/** One step on x [N, I]. */
export function single(cell: Cell, x: Tensor, state: readonly Tensor[], weights: RecurrentWeights): readonly Tensor[] {
  return scoped(() => cell.step(weights)(linear(x, weights.weightIh, cell.inputBias(weights)), state));
}

/** h·Wᵀ + b */
export function recur(h: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  const product = matmul(h, weight, { transposeRhs: true });
  return bias === undefined ? product : add(product, bias);
}

/** The sum of both biases, where the cell's formula lets them meet. */
export function bothBiases({ biasIh, biasHh }: RecurrentWeights): Tensor | undefined {
  return biasIh !== undefined && biasHh !== undefined ? add(biasIh, biasHh) : (biasIh ?? biasHh);
}

/** Gate number `first` (and the `count - 1` after it) of N × g·H values. */
export function gate(values: Tensor, hidden: number, first: number, count = 1): Tensor {
  return narrow(values, -1, first * hidden, count * hidden);
}

/** Rows of the gates `first` to `first + count - 1` of a weight or bias. */
export function gateRows(weight: Tensor, hidden: number, first: number, count = 1): Tensor {
  return narrow(weight, 0, first * hidden, count * hidden);
}

/**
 * The entries along dimension 0. By halves: the gradient of a slice is as large as what it was cut from, so that
 * cutting T slices from the whole would cost T² on the way back.
 */
function unstack(x: Tensor): Tensor[] {
  const length = x.shape[0]!;
  if (length === 0) return [];
  if (length === 1) return [reshape(x, x.shape.slice(1))];
  const half = Math.floor(length / 2);
  return [...unstack(narrow(x, 0, 0, half)), ...unstack(narrow(x, 0, half, length - half))];
}
