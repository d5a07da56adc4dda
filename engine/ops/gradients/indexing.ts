// Gradients of reading and writing by index: one is the other's adjoint.

import { zeros } from "../../tensor/creation.ts";
import { gather, indexAdd, indexSelect, scatterAdd } from "../functions/indexing.ts";
import type { RuleTable } from "./rule.ts";

export const indexingGradients = {
  gather: ({ grad, inputs: [, index], shapes: [shape], params: { dim } }) => [
    () => scatterAdd(zeros(shape), dim, index, grad),
    undefined,
  ],
  scatterAdd: ({ grad, inputs: [, index], params: { dim } }) => [() => grad, undefined, () => gather(grad, dim, index)],
  indexSelect: ({ grad, inputs: [, index], shapes: [shape], params: { dim } }) => [
    () => indexAdd(zeros(shape), dim, index, grad),
    undefined,
  ],
  indexAdd: ({ grad, inputs: [, index], params: { dim } }) => [
    () => grad,
    undefined,
    () => indexSelect(grad, dim, index),
  ],
  oneHot: () => [undefined],
} satisfies Partial<RuleTable>;
