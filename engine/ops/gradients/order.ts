// Gradients of the ops along one dimension. What runs forwards there runs backwards here.

import { zeros } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { cat, flip, narrow } from "../functions/movement/movement.ts";
import { mul } from "../functions/pointwise/pointwise.ts";
import { cumsum, recurrence } from "../functions/reduction/order.ts";
import type { RuleTable } from "./rule.ts";

export const orderGradients = {
  cumsum: ({ grad, params: { dim } }) => [() => flip(cumsum(flip(grad, dim), dim), dim)],
  // With λ[k] = grad[k] + a[k + 1] · λ[k + 1], which is a recurrence from the end: ∂b = λ, ∂a[k] = λ[k] · y[k - 1].
  recurrence: ({ grad, inputs: [a], output, params: { dim } }) => {
    const lambda = () => flip(recurrence(delayed(flip(a, dim), dim), flip(grad, dim), dim), dim);
    return [() => mul(lambda(), delayed(output, dim)), lambda];
  },
  argsort: () => [undefined],
} satisfies Partial<RuleTable>;

/** Every entry one step later along `dim`, 0 first. */
function delayed(x: Tensor, dim: number): Tensor {
  const length = x.shape[dim] ?? 1;
  if (x.numel === 0) return x;
  if (length === 1) return zeros(x.shape, { device: x.device });
  const shape = x.shape.map((size, d) => (d === dim ? 1 : size));
  const first = zeros(shape, { device: x.device });
  return cat([first, narrow(x, dim, 0, length - 1)], dim);
}
