// Gradients of reductions: the output's gradient goes back to every element that took part.

import { reducedShape, type Shape, sizeOf } from "../../core/shape.ts";
import { ones } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { cat, expand, flip, narrow, reshape } from "../functions/movement/movement.ts";
import { div, eq, mul, to } from "../functions/pointwise/pointwise.ts";
import { cumprod } from "../functions/reduction/order.ts";
import { sum } from "../functions/reduction/reduction.ts";
import type { RuleTable } from "./rule.ts";

/** The reduced tensor with its dimensions back, of size 1. */
const kept = (x: Tensor, shape: Shape, dims: readonly number[]) => reshape(x, reducedShape(shape, dims, true));

export const reductionGradients = {
  sum: ({ grad, shapes: [shape], params: { dims } }) => [() => expand(kept(grad, shape, dims), shape)],
  mean: ({ grad, shapes: [shape], params: { dims } }) => [
    () => expand(div(kept(grad, shape, dims), sizeOf(shape) / sizeOf(grad.shape)), shape),
  ],
  amax: ({ grad, inputs: [x], output, params: { dims } }) => [() => shared(grad, x, output, dims)],
  amin: ({ grad, inputs: [x], output, params: { dims } }) => [() => shared(grad, x, output, dims)],
  argmax: () => [undefined],
  argmin: () => [undefined],
  prod: ({ grad, inputs: [x], params: { dim } }) => [() => mul(kept(grad, x.shape, [dim]), productOfOthers(x, dim))],
} satisfies Partial<RuleTable>;

/** The gradient of an extremum, in equal parts to all elements that have its value. */
function shared(grad: Tensor, x: Tensor, output: Tensor, dims: readonly number[]): Tensor {
  const reached = to(eq(x, kept(output, x.shape, dims)), "float32");
  return mul(div(kept(grad, x.shape, dims), sum(reached, dims, { keepdim: true })), reached);
}

/** For every element the product of all others along `dim`, without a division: elements may be 0. */
function productOfOthers(x: Tensor, dim: number): Tensor {
  if (x.numel === 0) return x;
  const before = productOfEarlier(x, dim);
  const after = flip(productOfEarlier(flip(x, dim), dim), dim);
  return mul(before, after);
}

function productOfEarlier(x: Tensor, dim: number): Tensor {
  const shape = x.shape.map((size, d) => (d === dim ? 1 : size));
  const first = ones(shape, { device: x.device });
  const earlier = narrow(x, dim, 0, x.shape[dim]! - 1);
  return cumprod(cat([first, earlier], dim), dim);
}
