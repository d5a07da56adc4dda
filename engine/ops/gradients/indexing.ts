// Gradients of reading and writing by index: one is the other's adjoint.

import type { Shape } from "../../core/shape.ts";
import { arange, zeros } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { gather, indexAdd, indexSelect, scatter, scatterAdd } from "../functions/indexing/indexing.ts";
import { reshape } from "../functions/movement/movement.ts";
import { eq, where } from "../functions/pointwise/pointwise.ts";
import type { RuleTable } from "./rule.ts";

export const indexingGradients = {
  gather: ({ grad, inputs: [, index], shapes: [shape], params: { dim } }) => [
    () => scatterAdd(zeros(shape, { device: grad.device }), dim, index, grad),
    undefined,
  ],
  scatterAdd: ({ grad, inputs: [, index], params: { dim } }) => [() => grad, undefined, () => gather(grad, dim, index)],
  scatter: ({ grad, inputs: [base, index], params: { dim } }) => [
    () => scatter(grad, dim, index, 0),
    undefined,
    () => where(winners(base.shape, dim, index), gather(grad, dim, index), 0),
  ],
  indexSelect: ({ grad, inputs: [, index], shapes: [shape], params: { dim } }) => [
    () => indexAdd(zeros(shape, { device: grad.device }), dim, index, grad),
    undefined,
  ],
  indexAdd: ({ grad, inputs: [, index], params: { dim } }) => [
    () => grad,
    undefined,
    () => indexSelect(grad, dim, index),
  ],
  oneHot: () => [undefined],
} satisfies Partial<RuleTable>;

/** Where the element that scatter wrote last for its place is: numbers are scattered, and read back. */
function winners(shape: Shape, dim: number, index: Tensor): Tensor {
  const { device } = index;
  const numbers = reshape(arange(0, index.numel, 1, { device }), index.shape);
  return eq(gather(scatter(zeros(shape, { dtype: "int32", device }), dim, index, numbers), dim, index), numbers);
}
