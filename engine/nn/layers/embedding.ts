// The table of vectors for numbered things: words, characters, users.

import { ArgumentError } from "../../core/errors.ts";
import { cat } from "../../ops/functions/movement/movement.ts";
import { randn, zeros } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type EmbeddingOptions, embedding } from "../functional/embedding.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";

/**
 * Numbers, int32 of any shape … → vectors … × embeddingDim. Weight [numEmbeddings, embeddingDim], N(0, 1) in the
 * beginning; the row `paddingIdx` is zeros and is not learned. Throws a DtypeError unless the numbers are int32, a
 * ShapeError for numbers without a row.
 *
 * @example
 * new nn.Embedding(65, 16).forward(tensor([[1, 2, 64]], { dtype: "int32" })).shape; // [1, 3, 16]
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  readonly paddingIdx: number | undefined;
  readonly weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, { paddingIdx }: EmbeddingOptions = {}) {
    super();
    const at = paddingIdx !== undefined && paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx;
    if (at !== undefined && !(at >= 0 && at < numEmbeddings)) {
      throw new ArgumentError("Embedding", `paddingIdx ${paddingIdx} is not one of ${numEmbeddings} numbers`);
    }
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = at;
    this.weight = new Parameter(zeroRow(randn([numEmbeddings, embeddingDim]), at));
  }

  override forward(index: Tensor): Tensor {
    return embedding(index, this.weight, this.paddingIdx === undefined ? {} : { paddingIdx: this.paddingIdx });
  }

  protected override describe(): string {
    const padding = this.paddingIdx === undefined ? "" : `, padding_idx=${this.paddingIdx}`;
    return `${this.numEmbeddings}, ${this.embeddingDim}${padding}`;
  }
}

function zeroRow(rows: Tensor, at: number | undefined): Tensor {
  if (at === undefined) return rows;
  const [count, features] = rows.shape as [number, number];
  const after = rows.narrow(0, at + 1, count - at - 1);
  return cat([rows.narrow(0, 0, at), zeros([1, features]), after], 0);
}
