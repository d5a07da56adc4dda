// Scaled dot-product attention and its masks.

import type { DeviceName } from "../../core/device.ts";
import { ShapeError } from "../../core/errors.ts";
import { broadcastShapes, type Shape, sameShape } from "../../core/shape.ts";
import { softmax } from "../../ops/functions/classification.ts";
import { add, gt, mul, where } from "../../ops/functions/pointwise/pointwise.ts";
import { matmul } from "../../ops/functions/products/matmul.ts";
import { arange } from "../../tensor/creation.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dropout } from "./dropout.ts";

export interface AttentionMaskOptions {
  /**
   * Broadcasts to … × L × S. float32: added to the scores, -∞ forbids; bool: true where a query may look, as in
   * PyTorch's function of this name (the masks of MultiheadAttention are true where it may not).
   */
  readonly mask?: Tensor;
  /** Query i sees keys 0 … i only. Default: false. */
  readonly causal?: boolean;
}

export interface AttentionOptions extends AttentionMaskOptions {
  /** Probability with which a weight is dropped. Default: 0. */
  readonly dropout?: number;
}

/**
 * softmax(Q·Kᵀ/√E + mask)·V: query … × L × E, key … × S × E, value … × S × V → … × L × V. Throws a ShapeError for sizes
 * that do not fit. A. Vaswani et al., Attention Is All You Need, 2017, https://arxiv.org/abs/1706.03762
 *
 * @example
 * const q = eye(2);
 * const v = tensor([[1, 2], [3, 4]]);
 * nn.functional.scaledDotProductAttention(q, q, v).flatten(); // tensor([1.6605, 2.6605, 2.3395, 3.3395])
 * nn.functional.scaledDotProductAttention(q, q, v, { causal: true }).select(0, 0); // tensor([1., 2.])
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { dropout: p = 0, ...options }: AttentionOptions = {},
): Tensor {
  if (value.shape.at(-2) !== key.shape.at(-2)) {
    const shapes = { key: key.shape, value: value.shape };
    throw ShapeError.of("scaledDotProductAttention", "needs one value for each key", shapes);
  }
  return scoped(() => matmul(dropout(attentionWeights(query, key, options), { p }), value));
}

/**
 * The weights of scaledDotProductAttention, softmax(Q·Kᵀ/√E + mask): … × L × S, rows of sum 1.
 *
 * @example
 * nn.functional.attentionWeights(eye(2), eye(2)).flatten(); // tensor([0.6698, 0.3302, 0.3302, 0.6698])
 */
export function attentionWeights(
  query: Tensor,
  key: Tensor,
  { mask, causal = false }: AttentionMaskOptions = {},
): Tensor {
  if (query.shape.at(-1) !== key.shape.at(-1) || query.ndim < 2 || key.ndim < 2) {
    const hint = "Both end in (length, features), with equally many features.";
    throw ShapeError.of("attention", "query and key do not fit", { query: query.shape, key: key.shape }, hint);
  }
  return scoped(() => {
    // The query is scaled rather than the scores: it is smaller.
    const scores = matmul(mul(query, 1 / Math.sqrt(query.shape.at(-1)!)), key, { transposeRhs: true });
    const masked = mask === undefined ? scores : add(scores, additive(mask, scores.shape));
    const [length, sources] = scores.shape.slice(-2) as [number, number];
    return softmax(causal ? add(masked, causalMask(length, sources, { device: scores.device })) : masked, -1);
  });
}

export interface CausalMaskOptions {
  /** Where it lives. Default: what `device()` says. */
  readonly device?: DeviceName;
}

/**
 * What keeps each of `length` positions from those after it: length × sources (default: square), 0 where query i may
 * see key j ≤ i, else -∞. To be added to scores, or given as `attnMask` or `mask`.
 *
 * @example
 * nn.functional.causalMask(2).flatten(); // tensor([0., -inf, 0., 0.])
 */
export function causalMask(length: number, sources = length, { device }: CausalMaskOptions = {}): Tensor {
  return scoped(() => {
    const count = (end: number) => arange(0, end, 1, device === undefined ? {} : { device });
    const later = gt(count(sources), count(length).reshape(length, 1));
    return where(later, Number.NEGATIVE_INFINITY, 0);
  });
}

function additive(mask: Tensor, scores: Shape): Tensor {
  const met = broadcastShapes(mask.shape, scores);
  if (met === undefined || !sameShape(met, scores)) {
    throw ShapeError.of("attention", "the mask does not broadcast to the scores", { mask: mask.shape, scores });
  }
  return mask.dtype === "bool" ? where(mask, 0, Number.NEGATIVE_INFINITY) : mask;
}
