// Dropout: random zeros during training.

import { context } from "../../core/context.ts";
import { ArgumentError, ShapeError } from "../../core/errors.ts";
import type { Generator } from "../../core/random.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { mul } from "../../ops/functions/pointwise/pointwise.ts";
import { tensor } from "../../tensor/creation.ts";
import { scoped } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";

export interface DropoutOptions {
  /** Probability of being set to 0. Default: 0.5. */
  readonly p?: number;
  /** Default: true. */
  readonly training?: boolean;
  /** Default: the generator that `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * Sets elements to 0 with probability `p` and divides the others by 1 - p, so that the expectation stays. Any shape; x
 * itself when not training. The mask is not PyTorch's for the same seed. Throws an ArgumentError for p outside [0, 1].
 * N. Srivastava et al., Dropout, JMLR 15 (2014), https://jmlr.org/papers/v15/srivastava14a.html
 *
 * @example
 * nn.functional.dropout(tensor([1, 2, 3]), { training: false }); // tensor([1., 2., 3.])
 * nn.functional.dropout(ones([1000])).max(); // tensor(2.)
 */
export function dropout(x: Tensor, options: DropoutOptions = {}): Tensor {
  return masked("dropout", x, x.shape, options);
}

/**
 * Dropout of whole channels of N × C × H × W (or C × H × W): all pixels of a channel stay or go together.
 * J. Tompson et al., Efficient Object Localization Using Convolutional Networks, 2014, https://arxiv.org/abs/1411.4280
 *
 * @example
 * nn.functional.dropout2d(ones([1, 1, 2, 2]), { p: 1 }).sum(); // tensor(0.)
 */
export function dropout2d(x: Tensor, options: DropoutOptions = {}): Tensor {
  if (x.ndim !== 3 && x.ndim !== 4) {
    const hint = "Use dropout for other shapes.";
    throw ShapeError.of("dropout2d", "expected 4-D (N, C, H, W) or 3-D (C, H, W)", { got: x.shape }, hint);
  }
  return masked("dropout2d", x, [...x.shape.slice(0, -2), 1, 1], options);
}

function masked(
  op: string,
  x: Tensor,
  shape: Shape,
  { p = 0.5, training = true, generator = context.generator }: DropoutOptions,
): Tensor {
  requireProbability(op, p);
  if (!training || p === 0) return x;
  const scale = p === 1 ? 0 : 1 / (1 - p);
  const mask = Float32Array.from({ length: sizeOf(shape) }, () => (generator.nextFloat() < p ? 0 : scale));
  return scoped(() => mul(x, tensor(mask, { shape, device: x.device })));
}

/** Throws an ArgumentError outside [0, 1]. */
export function requireProbability(op: string, p: number): void {
  if (!(p >= 0 && p <= 1)) throw new ArgumentError(op, `p must be between 0 and 1, got ${p}`);
}
