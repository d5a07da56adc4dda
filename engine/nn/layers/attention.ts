// Multi-head attention.

import { ArgumentError, ShapeError } from "../../core/errors.ts";
import { formatShape, type Shape, sameShape } from "../../core/shape.ts";
import { narrow, reshape, squeeze, transpose, unsqueeze } from "../../ops/functions/movement/movement.ts";
import { add, where } from "../../ops/functions/pointwise/pointwise.ts";
import { matmul } from "../../ops/functions/products/matmul.ts";
import { mean } from "../../ops/functions/reduction/reduction.ts";
import { zeros } from "../../tensor/creation.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { attentionWeights } from "../functional/attention.ts";
import { requireRank, requireSize } from "../functional/checks.ts";
import { dropout, requireProbability } from "../functional/dropout.ts";
import { linear } from "../functional/linear.ts";
import { xavierUniform_ } from "../init/scaled.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { Linear } from "./linear.ts";

export interface MultiheadAttentionOptions {
  /** Probability with which attention weights are dropped in training. Default: 0. */
  readonly dropout?: number;
  /** Default: true. */
  readonly bias?: boolean;
  /** Inputs are N × L × E rather than L × N × E. Default: false. */
  readonly batchFirst?: boolean;
}

export interface AttendOptions {
  /** L × S, or N·heads × L × S: bool, true where a query may not look, or float32, added to the scores. */
  readonly attnMask?: Tensor;
  /** N × S (or S): bool, true for keys that nobody may look at, or float32, added to the scores. */
  readonly keyPaddingMask?: Tensor;
  /** Give the weights too. Default: true. */
  readonly needWeights?: boolean;
  /** Give their mean over the heads, N × L × S, rather than N × heads × L × S. Default: true. */
  readonly averageAttnWeights?: boolean;
}

/** PyTorch's name, so that models print alike. */
class NonDynamicallyQuantizableLinear extends Linear {}

/**
 * Attention in `numHeads` parts of the features: query L × N × E, key and value S × N × E (N first with batchFirst, no
 * N without a batch) → output like the query, and the weights. in_proj_weight [3E, E] for query, key, value; out_proj
 * [E, E]. Throws a ShapeError for shapes that do not fit, an ArgumentError unless numHeads divides embedDim. A. Vaswani
 * et al., Attention Is All You Need, 2017, https://arxiv.org/abs/1706.03762
 *
 * @example
 * const attention = new nn.MultiheadAttention(8, 2, { batchFirst: true });
 * const x = rand([4, 5, 8]);
 * const [output, weights] = attention.forward(x, x, x, { attnMask: nn.functional.causalMask(5) });
 * output.shape; // [4, 5, 8]
 * weights.shape; // [4, 5, 5]
 */
export class MultiheadAttention extends Module<
  [query: Tensor, key: Tensor, value: Tensor, options?: AttendOptions],
  [output: Tensor, weights: Tensor | undefined]
> {
  readonly embedDim: number;
  readonly numHeads: number;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly inProjWeight: Parameter;
  readonly inProjBias: Parameter | undefined;
  readonly outProj: Linear;

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super();
    const { dropout = 0, bias = true, batchFirst = false } = options;
    if (!(numHeads >= 1) || embedDim % numHeads !== 0) {
      throw new ArgumentError("MultiheadAttention", `${embedDim} features cannot be split into ${numHeads} heads`);
    }
    requireProbability("MultiheadAttention", dropout);
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.inProjWeight = new Parameter(zeros([3 * embedDim, embedDim]));
    this.inProjBias = bias ? new Parameter(zeros([3 * embedDim])) : undefined;
    this.outProj = new NonDynamicallyQuantizableLinear(embedDim, embedDim, { bias });
    // After the output's, whose bias is drawn and then zeroed: so are PyTorch's random numbers used.
    xavierUniform_(this.inProjWeight);
    this.outProj.bias?.assign(zeros([embedDim]));
  }

  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    options: AttendOptions = {},
  ): [output: Tensor, weights: Tensor | undefined] {
    const { needWeights = true, averageAttnWeights = true } = options;
    this.#check(query, key, value);
    const isBatched = query.ndim === 3;
    const [joined, weights] = scoped(() => {
      const [q, k, v] = this.#project(query, key, value, isBatched);
      const mask = this.#mask(options, [q.shape[0]!, this.numHeads, q.shape[2]!, k.shape[2]!]);
      const attended = attentionWeights(q, k, mask === undefined ? {} : { mask });
      const dropped = dropout(attended, { p: this.dropout, training: this.training });
      // N × heads × L × E/heads → L × N × E
      const heads = transpose(matmul(dropped, v), 1, 2);
      const joined = reshape(heads, [...heads.shape.slice(0, 2), this.embedDim]);
      const ordered = !isBatched ? squeeze(joined, 0) : this.batchFirst ? joined : transpose(joined, 0, 1);
      if (!needWeights) return [ordered];
      const shown = averageAttnWeights ? mean(dropped, 1) : dropped;
      return [ordered, isBatched ? shown : squeeze(shown, 0)];
    });
    // Outside the scope: hooks may keep what the layer is given and gives.
    return [this.outProj.forward(joined!), weights];
  }

  /** Query, key and value as N × heads × length × E/heads. */
  #project(query: Tensor, key: Tensor, value: Tensor, isBatched: boolean): readonly [Tensor, Tensor, Tensor] {
    const size = this.embedDim;
    const part = (x: Tensor, first: number, count: number) => {
      const bias = this.inProjBias && narrow(this.inProjBias, 0, first * size, count * size);
      return linear(x, narrow(this.inProjWeight, 0, first * size, count * size), bias);
    };
    const split = (x: Tensor) => {
      const batched = isBatched ? (this.batchFirst ? x : transpose(x, 0, 1)) : unsqueeze(x, 0);
      const [batch, length] = batched.shape as [number, number];
      return transpose(reshape(batched, [batch, length, this.numHeads, size / this.numHeads]), 1, 2);
    };
    if (query !== key || key !== value) {
      return [split(part(query, 0, 1)), split(part(key, 1, 1)), split(part(value, 2, 1))];
    }
    const all = part(query, 0, 3);
    const cut = (i: number) => split(narrow(all, -1, i * size, size));
    return [cut(0), cut(1), cut(2)];
  }

  /** Both masks as one that is added to scores N × heads × L × S. */
  #mask({ attnMask, keyPaddingMask }: AttendOptions, scores: Shape): Tensor | undefined {
    const [batch, heads, length, sources] = scores as [number, number, number, number];
    const masks: Tensor[] = [];
    if (attnMask !== undefined) {
      const each = [batch * heads, length, sources];
      requireShape("attnMask", attnMask, attnMask.ndim === 3 ? each : [length, sources]);
      masks.push(additive(attnMask.ndim === 3 ? reshape(attnMask, scores) : attnMask));
    }
    if (keyPaddingMask !== undefined) {
      requireShape("keyPaddingMask", keyPaddingMask, keyPaddingMask.ndim === 1 ? [sources] : [batch, sources]);
      masks.push(additive(reshape(keyPaddingMask, [-1, 1, 1, sources])));
    }
    return masks.length === 2 ? add(masks[0]!, masks[1]!) : masks[0];
  }

  #check(query: Tensor, key: Tensor, value: Tensor): void {
    const layouts = { 2: "(L, E)", 3: this.batchFirst ? "(N, L, E)" : "(L, N, E)" };
    for (const x of [query, key, value]) {
      requireRank("MultiheadAttention", x, layouts);
      requireSize("MultiheadAttention", "features", x, x.ndim - 1, this.embedDim);
    }
    const batchDim = this.batchFirst ? 0 : 1;
    const fits = query.ndim === key.ndim && (query.ndim === 2 || query.shape[batchDim] === key.shape[batchDim]);
    if (fits && sameShape(key.shape, value.shape)) return;
    const shapes = { query: query.shape, key: key.shape, value: value.shape };
    throw ShapeError.of("MultiheadAttention", "inputs do not fit", shapes, "Key and value have one shape.");
  }
}

/** -∞ where a mask of booleans is true. */
function additive(mask: Tensor): Tensor {
  return mask.dtype === "bool" ? where(mask, Number.NEGATIVE_INFINITY, 0) : mask;
}

function requireShape(name: string, mask: Tensor, expected: Shape): void {
  if (sameShape(mask.shape, expected)) return;
  const problem = `expected ${name} of ${formatShape(expected)}, got ${formatShape(mask.shape)}`;
  throw new ShapeError("MultiheadAttention", problem, [mask.shape]);
}
