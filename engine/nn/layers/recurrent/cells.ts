// Recurrent cells: one time step, for a `forward` that walks over time itself.

import { ArgumentError, ShapeError } from "../../../core/errors.ts";
import { formatShape, sameShape } from "../../../core/shape.ts";
import { reshape, unsqueeze } from "../../../ops/functions/movement/movement.ts";
import { zeros } from "../../../tensor/creation.ts";
import { scoped } from "../../../tensor/scope.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { requireRank, requireSize } from "../../functional/checks.ts";
import { gruCell, type GruOptions as ResetOptions } from "../../functional/recurrent/gru.ts";
import { lstmCell } from "../../functional/recurrent/lstm.ts";
import { mguCell } from "../../functional/recurrent/mgu.ts";
import { type Nonlinearity, rnnCell } from "../../functional/recurrent/rnn.ts";
import { Module } from "../../module.ts";
import type { Parameter } from "../../parameter.ts";
import { gruKind } from "./gru.ts";
import { type LstmState, lstmKind } from "./lstm.ts";
import { mguKind } from "./mgu.ts";
import { type CellKind, cellWeights, type GatedOptions } from "./recurrent-layer.ts";
import { rnnKind } from "./rnn.ts";

export interface CellOptions {
  /** Default: true. */
  readonly bias?: boolean;
}

/** As in the layers, see GatedOptions. */
export type GatedCellOptions = Pick<GatedOptions, "bias" | "forgetBias">;

export interface RnnCellOptions extends CellOptions {
  /** Default: `tanh`. */
  readonly nonlinearity?: Nonlinearity;
}

export interface GruCellOptions extends GatedCellOptions, ResetOptions {}

abstract class RecurrentCell<State> extends Module<[x: Tensor, state?: State], State> {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | undefined;
  readonly biasHh: Parameter | undefined;
  readonly #states: number;

  constructor(kind: CellKind, inputSize: number, hiddenSize: number, options: GatedCellOptions) {
    super();
    if (options.bias === false && (options.forgetBias ?? 0) !== 0) {
      throw new ArgumentError(this.constructor.name, "forgetBias needs biases", "Leave out bias: false.");
    }
    const { weightIh, weightHh, biasIh, biasHh } = cellWeights(kind, inputSize, hiddenSize, options);
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.weightIh = weightIh;
    this.weightHh = weightHh;
    this.biasIh = biasIh;
    this.biasHh = biasHh;
    this.#states = kind.states;
  }

  /** One step with a batch dimension: x [N, I], states [N, H]. */
  protected abstract step(x: Tensor, state: readonly Tensor[]): readonly Tensor[];

  protected run(x: Tensor, given: readonly Tensor[] | undefined): readonly Tensor[] {
    const name = this.constructor.name;
    requireRank(name, x, { 1: "(I)", 2: "(N, I)" });
    requireSize(name, "features", x, x.ndim - 1, this.inputSize);
    const shape = [...x.shape.slice(0, -1), this.hiddenSize];
    for (const state of given ?? []) {
      if (sameShape(state.shape, shape)) continue;
      const problem = `expected a state of ${formatShape(shape)}, got ${formatShape(state.shape)}`;
      throw new ShapeError(name, problem, [state.shape]);
    }
    return scoped(() => {
      const state = given ?? Array.from({ length: this.#states }, () => zeros(shape, { device: x.device }));
      if (x.ndim === 2) return this.step(x, state);
      const next = this.step(
        unsqueeze(x, 0),
        state.map((one) => unsqueeze(one, 0)),
      );
      return next.map((one) => reshape(one, shape));
    });
  }

  protected override describe(): string {
    const bias = this.biasIh === undefined ? ", bias=False" : "";
    return `${this.inputSize}, ${this.hiddenSize}${bias}`;
  }
}

/**
 * One step of nn.RNN: x [N, I] (or [I]) and h [N, H] (default zeros) → h′. Throws a ShapeError for other shapes.
 *
 * @example
 * const cell = new nn.RNNCell(3, 4);
 * cell.forward(ones([2, 3]), cell.forward(ones([2, 3]))).shape; // [2, 4]
 */
export class RNNCell extends RecurrentCell<Tensor> {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, { nonlinearity = "tanh", ...options }: RnnCellOptions = {}) {
    super(rnnKind, inputSize, hiddenSize, options);
    this.nonlinearity = nonlinearity;
  }

  override forward(x: Tensor, h?: Tensor): Tensor {
    return this.run(x, h && [h])[0]!;
  }

  protected override step(x: Tensor, state: readonly Tensor[]): readonly Tensor[] {
    return rnnCell(x, state, this, { nonlinearity: this.nonlinearity });
  }

  protected override describe(): string {
    return `${super.describe()}${this.nonlinearity === "tanh" ? "" : `, nonlinearity=${this.nonlinearity}`}`;
  }
}

/**
 * One step of nn.LSTM: x [N, I] (or [I]) and [h, c] of [N, H] (default zeros) → [h′, c′]. Throws a ShapeError for other
 * shapes.
 *
 * @example
 * const [h, c] = new nn.LSTMCell(3, 4).forward(ones([2, 3]));
 * c.shape; // [2, 4]
 */
export class LSTMCell extends RecurrentCell<LstmState> {
  constructor(inputSize: number, hiddenSize: number, options: GatedCellOptions = {}) {
    super(lstmKind, inputSize, hiddenSize, options);
  }

  override forward(x: Tensor, state?: LstmState): LstmState {
    const [h, c] = this.run(x, state);
    return [h!, c!];
  }

  protected override step(x: Tensor, state: readonly Tensor[]): readonly Tensor[] {
    return lstmCell(x, state, this);
  }
}

/**
 * One step of nn.GRU: x [N, I] (or [I]) and h [N, H] (default zeros) → h′. Throws a ShapeError for other shapes.
 *
 * @example
 * new nn.GRUCell(3, 4, { resetAfter: false }).forward(ones([2, 3])).shape; // [2, 4]
 */
export class GRUCell extends RecurrentCell<Tensor> {
  readonly resetAfter: boolean;

  constructor(inputSize: number, hiddenSize: number, { resetAfter = true, ...options }: GruCellOptions = {}) {
    super(gruKind, inputSize, hiddenSize, options);
    this.resetAfter = resetAfter;
  }

  override forward(x: Tensor, h?: Tensor): Tensor {
    return this.run(x, h && [h])[0]!;
  }

  protected override step(x: Tensor, state: readonly Tensor[]): readonly Tensor[] {
    return gruCell(x, state, this, { resetAfter: this.resetAfter });
  }
}

/**
 * One step of nn.MGU: x [N, I] (or [I]) and h [N, H] (default zeros) → h′. Throws a ShapeError for other shapes.
 *
 * @example
 * new nn.MGUCell(3, 4).forward(ones([3])).shape; // [4]
 */
export class MGUCell extends RecurrentCell<Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: GatedCellOptions = {}) {
    super(mguKind, inputSize, hiddenSize, options);
  }

  override forward(x: Tensor, h?: Tensor): Tensor {
    return this.run(x, h && [h])[0]!;
  }

  protected override step(x: Tensor, state: readonly Tensor[]): readonly Tensor[] {
    return mguCell(x, state, this);
  }
}
