// Gradients of reductions: the output's gradient goes back to every element that took part.

import { reducedShape, type Shape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { expand, reshape } from "../functions/movement.ts";
import { div, eq, mul, to } from "../functions/pointwise.ts";
import { sum } from "../functions/reduction.ts";
import type { RuleTable } from "./rule.ts";

/** The reduced tensor with its dimensions back, of size 1. */
const kept = (x: Tensor, shape: Shape, dims: readonly number[]) => reshape(x, reducedShape(shape, dims, true));

export const reductionGradients = {
  sum: ({ grad, shapes: [shape], params: { dims } }) => [() => expand(kept(grad, shape, dims), shape)],
  mean: ({ grad, shapes: [shape], params: { dims } }) => [
    () => expand(div(kept(grad, shape, dims), sizeOf(shape) / sizeOf(grad.shape)), shape),
  ],
  amax: ({ grad, inputs: [x], output, params: { dims } }) => [
    () => {
      const largest = to(eq(x, kept(output, x.shape, dims)), "float32");
      return mul(div(kept(grad, x.shape, dims), sum(largest, dims, { keepdim: true })), largest);
    },
  ],
  argmax: () => [undefined],
} satisfies Partial<RuleTable>;
