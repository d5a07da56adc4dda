// Transformer encoders and the code of positions.

import { context } from "../../core/context.ts";
import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { formatShape } from "../../core/shape.ts";
import { narrow, unsqueeze } from "../../ops/functions/movement/movement.ts";
import { onDeviceOf } from "../../ops/functions/operands.ts";
import { gelu } from "../../ops/functions/pointwise/activation.ts";
import { add, relu } from "../../ops/functions/pointwise/pointwise.ts";
import { tensor } from "../../tensor/creation.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { requireRank, requireSize } from "../functional/checks.ts";
import { dropout, requireProbability } from "../functional/dropout.ts";
import { Module } from "../module.ts";
import { MultiheadAttention } from "./attention.ts";
import { ModuleList } from "./containers.ts";
import { Dropout } from "./dropout.ts";
import { Linear } from "./linear.ts";
import { LayerNorm } from "./normalization.ts";

export interface TransformerEncoderLayerOptions {
  /** Features between the two linear layers. Default: 2048. */
  readonly dimFeedforward?: number;
  /** Default: 0.1. */
  readonly dropout?: number;
  /** Default: `relu`. */
  readonly activation?: "relu" | "gelu";
  /** Default: 1e-5. */
  readonly layerNormEps?: number;
  /** Input and output are N × L × E rather than L × N × E. Default: false. */
  readonly batchFirst?: boolean;
  /** Normalise before attention and linear layers, which trains more easily, rather than after. Default: false. */
  readonly normFirst?: boolean;
}

/** Masks as in MultiheadAttention: true where it is forbidden to look, or numbers to be added. */
export interface EncodeOptions {
  /** L × L. */
  readonly srcMask?: Tensor;
  /** N × L. */
  readonly srcKeyPaddingMask?: Tensor;
}

export interface PositionalEncodingOptions {
  /** Longest sequence. Default: 5000. */
  readonly maxLength?: number;
  /** Default: 0. */
  readonly dropout?: number;
  /** Input is N × T × E rather than T × N × E. Default: false. */
  readonly batchFirst?: boolean;
}

/**
 * Self-attention and two linear layers, each with a way around it and layer normalisation: L × N × E (N × L × E with
 * batchFirst, L × E without a batch) → the same shape. Throws a ShapeError for other shapes. A. Vaswani et al.,
 * Attention Is All You Need, 2017, https://arxiv.org/abs/1706.03762
 *
 * @example
 * const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16, batchFirst: true });
 * layer.forward(rand([4, 5, 8]), { srcMask: nn.functional.causalMask(5) }).shape; // [4, 5, 8]
 */
export class TransformerEncoderLayer extends Module {
  readonly selfAttn: MultiheadAttention;
  readonly linear1: Linear;
  readonly dropout: Dropout;
  readonly linear2: Linear;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly dropout1: Dropout;
  readonly dropout2: Dropout;
  readonly normFirst: boolean;
  readonly activation: "relu" | "gelu";
  readonly #options: TransformerEncoderLayerOptions;

  constructor(dModel: number, numHeads: number, options: TransformerEncoderLayerOptions = {}) {
    super();
    const { dimFeedforward = 2048, dropout: p = 0.1, activation = "relu", layerNormEps: eps = 1e-5 } = options;
    if (activation !== "relu" && activation !== "gelu") {
      throw new ArgumentError("TransformerEncoderLayer", `activation must be relu or gelu, got ${String(activation)}`);
    }
    this.selfAttn = new MultiheadAttention(dModel, numHeads, { dropout: p, batchFirst: options.batchFirst ?? false });
    this.linear1 = new Linear(dModel, dimFeedforward);
    this.dropout = new Dropout(p);
    this.linear2 = new Linear(dimFeedforward, dModel);
    this.norm1 = new LayerNorm(dModel, { eps });
    this.norm2 = new LayerNorm(dModel, { eps });
    this.dropout1 = new Dropout(p);
    this.dropout2 = new Dropout(p);
    this.normFirst = options.normFirst ?? false;
    this.activation = activation;
    this.#options = options;
  }

  override forward(x: Tensor, { srcMask, srcKeyPaddingMask }: EncodeOptions = {}): Tensor {
    const attend = (y: Tensor) => {
      const masks = {
        ...(srcMask && { attnMask: srcMask }),
        ...(srcKeyPaddingMask && { keyPaddingMask: srcKeyPaddingMask }),
      };
      return this.dropout1.forward(this.selfAttn.forward(y, y, y, { ...masks, needWeights: false })[0]);
    };
    const feed = (y: Tensor) => {
      const phi = this.activation === "gelu" ? gelu : relu;
      return this.dropout2.forward(this.linear2.forward(this.dropout.forward(phi(this.linear1.forward(y)))));
    };
    // Not scoped: hooks may keep what the layers inside give.
    if (this.normFirst) {
      const attended = add(x, attend(this.norm1.forward(x)));
      return add(attended, feed(this.norm2.forward(attended)));
    }
    const attended = this.norm1.forward(add(x, attend(x)));
    return this.norm2.forward(add(attended, feed(attended)));
  }

  /** A layer with equal weights of its own. Uses up no random numbers. */
  copy(): TransformerEncoderLayer {
    const state = context.generator.getState();
    const copy = new TransformerEncoderLayer(this.selfAttn.embedDim, this.selfAttn.numHeads, this.#options);
    context.generator.setState(state);
    copy.loadStateDict(this.stateDict());
    return copy.train(this.training);
  }
}

export interface TransformerEncoderOptions {
  /** Applied to the output, for layers with normFirst. Default: none. */
  readonly norm?: LayerNorm;
}

/**
 * `numLayers` copies of an encoder layer, one after the other, all with the same weights in the beginning, as in
 * PyTorch. Shapes are those of the layer.
 *
 * @example
 * const layer = new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 });
 * new nn.TransformerEncoder(layer, 3).forward(rand([5, 4, 8])).shape; // [5, 4, 8]
 */
export class TransformerEncoder extends Module {
  readonly layers: ModuleList<TransformerEncoderLayer>;
  readonly norm: LayerNorm | undefined;

  constructor(layer: TransformerEncoderLayer, numLayers: number, { norm }: TransformerEncoderOptions = {}) {
    super();
    this.layers = new ModuleList(Array.from({ length: numLayers }, () => layer.copy()));
    this.norm = norm;
  }

  override forward(x: Tensor, options: EncodeOptions = {}): Tensor {
    let output = x;
    for (const layer of this.layers) output = layer.forward(output, options);
    return this.norm === undefined ? output : this.norm.forward(output);
  }
}

/**
 * Adds to position p sin(p/10000^(2i/E)) at feature 2i and cos of the same at feature 2i + 1: T × N × E (N × T × E with
 * batchFirst, or T × E) → the same shape. The table `encoding` [maxLength, E] is computed, not learned, and not saved.
 * Throws a ShapeError for other features or longer sequences. A. Vaswani et al., Attention Is All You Need, 2017,
 * section 3.5
 *
 * @example
 * new nn.PositionalEncoding(4).forward(zeros([2, 4])).select(0, 1); // tensor([0.8415, 0.5403, 0.0100, 0.9999])
 */
export class PositionalEncoding extends Module {
  readonly dModel: number;
  readonly maxLength: number;
  readonly dropout: number;
  readonly batchFirst: boolean;
  readonly encoding: Tensor;

  constructor(dModel: number, options: PositionalEncodingOptions = {}) {
    super();
    const { maxLength = 5000, dropout: p = 0, batchFirst = false } = options;
    requireProbability("PositionalEncoding", p);
    this.dModel = dModel;
    this.maxLength = maxLength;
    this.dropout = p;
    this.batchFirst = batchFirst;
    const values = Float32Array.from({ length: maxLength * dModel }, (_, at) => {
      const feature = at % dModel;
      const turn = Math.floor(at / dModel) / 10000 ** ((feature - (feature % 2)) / dModel);
      return feature % 2 === 0 ? Math.sin(turn) : Math.cos(turn);
    });
    this.encoding = tensor(values, { shape: [maxLength, dModel] });
  }

  override forward(x: Tensor): Tensor {
    requireRank("PositionalEncoding", x, { 2: "(T, E)", 3: this.batchFirst ? "(N, T, E)" : "(T, N, E)" });
    requireSize("PositionalEncoding", "features", x, x.ndim - 1, this.dModel);
    const isSequenceFirst = x.ndim === 3 && !this.batchFirst;
    const length = x.shape[isSequenceFirst ? 0 : x.ndim - 2]!;
    if (length > this.maxLength) {
      const problem = `a sequence of ${length} is longer than maxLength ${this.maxLength}, got ${formatShape(x.shape)}`;
      throw new ShapeError("PositionalEncoding", problem, [x.shape], "Give a larger maxLength.");
    }
    return scoped(() => {
      const rows = onDeviceOf(narrow(this.encoding, 0, 0, length), x);
      const sum = add(x, isSequenceFirst ? unsqueeze(rows, 1) : rows);
      return dropout(sum, { p: this.dropout, training: this.training });
    });
  }

  protected override describe(): string {
    return `${this.dModel}, max_length=${this.maxLength}`;
  }
}
