// Base of the recurrent layers: weights of all layers and directions, forms of input, initial states, dropout between
// layers. What a step computes is nn/functional/recurrent.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import { formatShape, sameShape } from "../../../core/shape.ts";
import { cat, select, squeeze, stack, transpose, unsqueeze } from "../../../ops/functions/movement/movement.ts";
import { add } from "../../../ops/functions/pointwise/pointwise.ts";
import { tensor, uniform, zeros } from "../../../tensor/creation.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { requireRank, requireSize } from "../../functional/checks.ts";
import { dropout, requireProbability } from "../../functional/dropout.ts";
import type { RecurrentWeights, SequenceOptions, SequenceResult } from "../../functional/recurrent/sequence.ts";
import { Module } from "../../module.ts";
import { Parameter } from "../../parameter.ts";
import { pythonFloat } from "../../python-text.ts";

export interface RecurrentOptions {
  /** Layers on top of each other. Default: 1. */
  readonly numLayers?: number;
  /** Default: true. */
  readonly bias?: boolean;
  /** Input and output are N × T × … rather than T × N × …; states are not concerned. Default: false. */
  readonly batchFirst?: boolean;
  /** Probability of dropping the outputs of all layers but the last, in training. Default: 0. */
  readonly dropout?: number;
  /** A second walk from the end to the start; outputs are joined. Default: false. */
  readonly bidirectional?: boolean;
}

export interface GatedOptions extends RecurrentOptions {
  /**
   * How much longer memories shall last in the beginning: shifts the first bias of the gate that keeps the state (LSTM:
   * forget gate +, GRU: update gate +, MGU: forget gate -), so that a positive number always means to remember.
   * Default: 0. R. Jozefowicz et al., An Empirical Exploration of Recurrent Network Architectures, 2015,
   * https://proceedings.mlr.press/v37/jozefowicz15.html
   */
  readonly forgetBias?: number;
}

/** What the cells differ in. */
export interface CellKind {
  /** Blocks of rows in the weights. */
  readonly gates: number;
  /** Tensors of the state: h, or h and c. */
  readonly states: number;
  /** Whether there is a second bias, beside the recurrent weights. */
  readonly twoBiases: boolean;
  /** The gate that forgetBias shifts, and in which direction. */
  readonly keepGate?: { readonly gate: number; readonly sign: 1 | -1 };
}

/** Weights of a cell: uniform in ±1/√H, drawn in PyTorch's order. */
export function cellWeights(
  kind: CellKind,
  inputSize: number,
  hiddenSize: number,
  { bias = true, forgetBias = 0 }: Pick<GatedOptions, "bias" | "forgetBias">,
): { weightIh: Parameter; weightHh: Parameter; biasIh: Parameter | undefined; biasHh: Parameter | undefined } {
  const rows = kind.gates * hiddenSize;
  const bound = 1 / Math.sqrt(hiddenSize);
  const drawn = (...shape: number[]) => new Parameter(uniform(shape, -bound, bound));
  return {
    weightIh: drawn(rows, inputSize),
    weightHh: drawn(rows, hiddenSize),
    biasIh: bias ? new Parameter(shifted(kind, uniform([rows], -bound, bound), hiddenSize, forgetBias)) : undefined,
    biasHh: bias && kind.twoBiases ? drawn(rows) : undefined,
  };
}

function shifted({ keepGate }: CellKind, bias: Tensor, hiddenSize: number, forgetBias: number): Tensor {
  if (keepGate === undefined || forgetBias === 0) return bias;
  const start = keepGate.gate * hiddenSize;
  const shift = new Float32Array(bias.numel).fill(keepGate.sign * forgetBias, start, start + hiddenSize);
  return scoped(() => add(bias, tensor(shift)));
}

/** A recurrent network of one kind of cell. Subclasses say what one layer computes in one direction. */
export abstract class RecurrentLayer<State> extends Module<[x: Tensor, state?: State], [output: Tensor, state: State]> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly #kind: CellKind;
  readonly #hasBias: boolean;
  /** `weightIhL0`, `weightIhL1Reverse` …: in state dicts `weight_ih_l0`, `weight_ih_l1_reverse` …, as in PyTorch. */
  readonly [weights: `weight${string}` | `bias${string}`]: Parameter | undefined;

  constructor(kind: CellKind, inputSize: number, hiddenSize: number, options: GatedOptions) {
    super();
    const { numLayers = 1, bias = true, batchFirst = false, bidirectional = false } = options;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.batchFirst = batchFirst;
    this.dropout = options.dropout ?? 0;
    this.bidirectional = bidirectional;
    this.#kind = kind;
    this.#hasBias = bias;
    requireProbability(this.constructor.name, this.dropout);
    if (!(numLayers >= 1))
      throw new ArgumentError(this.constructor.name, `numLayers must be at least 1, got ${numLayers}`);
    if (!bias && (options.forgetBias ?? 0) !== 0) {
      throw new ArgumentError(this.constructor.name, "forgetBias needs biases", "Leave out bias: false.");
    }
    for (let layer = 0; layer < numLayers; layer++) {
      const inputs = layer === 0 ? inputSize : hiddenSize * this.#directions;
      for (const suffix of this.#suffixes(layer)) {
        const weights = cellWeights(kind, inputs, hiddenSize, options);
        for (const [name, weight] of Object.entries(weights)) {
          if (weight !== undefined) Object.assign(this, { [`${name}${suffix}`]: weight });
        }
      }
    }
  }

  /** The weights of one layer in one direction. */
  parametersOf(layer = 0, { reverse = false }: SequenceOptions = {}): RecurrentWeights {
    const suffix = this.#suffixes(layer)[reverse ? 1 : 0];
    const weightIh = this[`weightIh${suffix}`];
    const weightHh = this[`weightHh${suffix}`];
    if (weightIh === undefined || weightHh === undefined) {
      throw new ArgumentError(this.constructor.name, `has no ${reverse ? "reverse " : ""}layer ${layer}`);
    }
    return { weightIh, weightHh, biasIh: this[`biasIh${suffix}`], biasHh: this[`biasHh${suffix}`] };
  }

  /** One layer in one direction over x [T, N, I], from states [N, H]. */
  protected abstract sequence(
    x: Tensor,
    state: readonly Tensor[],
    weights: RecurrentWeights,
    options: SequenceOptions,
  ): SequenceResult;

  /** The whole network over x, from states [layers · directions, N, H] (or zeros): the output and the last states. */
  protected run(x: Tensor, given: readonly Tensor[] | undefined): readonly Tensor[] {
    const name = this.constructor.name;
    requireRank(name, x, { 2: "(T, I)", 3: this.batchFirst ? "(N, T, I)" : "(T, N, I)" });
    requireSize(name, "features", x, x.ndim - 1, this.inputSize);
    const isBatched = x.ndim === 3;
    if (x.shape[this.batchFirst && isBatched ? 1 : 0] === 0) {
      throw ShapeError.of(name, "the sequence is empty", { got: x.shape });
    }
    return scoped(() => {
      const steps = !isBatched ? unsqueeze(x, 1) : this.batchFirst ? transpose(x, 0, 1) : x;
      const states = this.#initial(given, steps, isBatched);
      const [output, ...last] = this.#layers(steps, states);
      if (!isBatched) return [squeeze(output!, 1), ...last.map((state) => squeeze(state, 1))];
      return [this.batchFirst ? transpose(output!, 0, 1) : output!, ...last];
    });
  }

  #layers(x: Tensor, states: readonly Tensor[]): readonly Tensor[] {
    const last: Tensor[][] = [];
    let output = x;
    for (let layer = 0; layer < this.numLayers; layer++) {
      if (layer > 0) output = dropout(output, { p: this.dropout, training: this.training });
      const input = output;
      const walks = this.#suffixes(layer).map((_, direction) => {
        const at = layer * this.#directions + direction;
        const reverse = direction === 1;
        const before = states.map((state) => select(state, 0, at));
        return this.sequence(input, before, this.parametersOf(layer, { reverse }), { reverse });
      });
      output =
        walks.length === 1
          ? walks[0]![0]
          : cat(
              walks.map(([forward]) => forward),
              2,
            );
      for (const [, ...state] of walks) last.push(state);
    }
    return [output, ...states.map((_, s) => stack(last.map((state) => state[s]!)))];
  }

  /** The given states with a batch dimension, checked; or zeros. */
  #initial(given: readonly Tensor[] | undefined, steps: Tensor, isBatched: boolean): readonly Tensor[] {
    const shape = [this.numLayers * this.#directions, steps.shape[1]!, this.hiddenSize];
    if (given === undefined) {
      return Array.from({ length: this.#kind.states }, () => zeros(shape, { device: steps.device }));
    }
    const expected = isBatched ? shape : [shape[0]!, shape[2]!];
    for (const [i, state] of given.entries()) {
      if (sameShape(state.shape, expected)) continue;
      const problem = `expected ${["h", "c"][i]} of ${formatShape(expected)}, got ${formatShape(state.shape)}`;
      const hint = `States are (layers · directions, ${isBatched ? "N, " : ""}H), also with batchFirst.`;
      throw new ShapeError(this.constructor.name, problem, [state.shape], hint);
    }
    return isBatched ? given : given.map((state) => unsqueeze(state, 1));
  }

  get #directions(): number {
    return this.bidirectional ? 2 : 1;
  }

  #suffixes(layer: number): readonly string[] {
    return this.bidirectional ? [`L${layer}`, `L${layer}Reverse`] : [`L${layer}`];
  }

  protected override describe(): string {
    return [
      `${this.inputSize}, ${this.hiddenSize}`,
      ...(this.numLayers !== 1 ? [`num_layers=${this.numLayers}`] : []),
      ...(this.#hasBias ? [] : ["bias=False"]),
      ...(this.batchFirst ? ["batch_first=True"] : []),
      ...(this.dropout !== 0 ? [`dropout=${pythonFloat(this.dropout)}`] : []),
      ...(this.bidirectional ? ["bidirectional=True"] : []),
    ].join(", ");
  }
}
