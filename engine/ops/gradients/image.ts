// Gradients of the ops on images. Convolution is linear in both operands, average pooling and resizing in their only one:
// their gradients are the adjoint ops, whose gradients are the ops again.

import { zeros } from "../../tensor/creation.ts";
import { dispatch } from "../dispatch.ts";
import { gather } from "../functions/indexing/indexing.ts";
import { flatten, reshape } from "../functions/movement/movement.ts";
import { sum } from "../functions/reduction/reduction.ts";
import { beforeActivation } from "./activation.ts";
import type { RuleTable } from "./rule.ts";

export const imageGradients = {
  conv2d: ({ inputs: [x, weight], ...result }) => {
    const grad = beforeActivation(result);
    const { activation: _, ...params } = result.params;
    return [
      () => dispatch("conv2dInput", [grad(), weight], { ...params, inputShape: x.shape }),
      () => dispatch("conv2dWeight", [x, grad()], { ...params, weightShape: weight.shape }),
      () => sum(grad(), [0, 2, 3]),
    ];
  },
  conv2dInput: ({ grad, inputs: [upper, weight], params }) => [
    () => dispatch("conv2d", [grad, weight], { ...params, activation: "none" }),
    () => dispatch("conv2dWeight", [grad, upper], { ...params, weightShape: weight.shape }),
  ],
  conv2dWeight: ({ grad, inputs: [x, upper], params }) => [
    () => dispatch("conv2dInput", [upper, grad], { ...params, inputShape: x.shape }),
    () => dispatch("conv2d", [x, grad], { ...params, activation: "none" }),
  ],
  maxPool2d: ({ grad, inputs: [x], params }) => [() => dispatch("maxPool2dInput", [x, grad], params)],
  maxPool2dInput: ({ grad, inputs: [x, upper], params }) => [
    // Where the maxima are does not change nearby.
    () => zeros(x.shape, { device: x.device }),
    () => {
      const indices = flatten(dispatch("maxPool2dIndices", [x], params), 2);
      return reshape(gather(flatten(grad, 2), 2, indices), upper.shape);
    },
  ],
  maxPool2dIndices: () => [undefined],
  avgPool2d: ({ grad, shapes: [inputShape], params }) => [
    () => dispatch("avgPool2dInput", [grad], { ...params, inputShape }),
  ],
  avgPool2dInput: ({ grad, params }) => [() => dispatch("avgPool2d", [grad], params)],
  bilinear: ({ grad, shapes: [inputShape], params: { scale, alignCorners } }) => [
    () => dispatch("bilinearInput", [grad], { inputShape, scale, alignCorners }),
  ],
  bilinearInput: ({ grad, shapes: [shape], params: { scale, alignCorners } }) => [
    () => dispatch("bilinear", [grad], { size: [shape[2]!, shape[3]!], scale, alignCorners }),
  ],
} satisfies Partial<RuleTable>;
