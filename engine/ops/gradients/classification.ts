// Gradients of softmax, its logarithm and losses.

import { isGradEnabled } from "../../autograd/no-grad.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import { logSoftmax } from "../functions/classification.ts";
import { square } from "../functions/pointwise/elementary.ts";
import { exp, mul, neg, sub } from "../functions/pointwise/pointwise.ts";
import { mean, sum } from "../functions/reduction/reduction.ts";
import type { Reduction } from "../table.ts";
import { composed, once, refuse } from "./fused.ts";
import type { RuleTable } from "./rule.ts";

export const classificationGradients = {
  softmax: ({ grad, output, params }) => [() => dispatch("softmaxBackward", [grad, output], params)],
  logSoftmax: ({ grad, output, params }) => [() => dispatch("logSoftmaxBackward", [grad, output], params)],
  // y ⊙ (g - Σ g ⊙ y)
  softmaxBackward: ({ grad, inputs: [upper, output], params }) => [
    () => dispatch("softmaxBackward", [grad, output], params),
    () => {
      const total = (x: typeof grad) => sum(mul(x, output), params.dim, { keepdim: true });
      return sub(mul(grad, sub(upper, total(upper))), mul(upper, total(grad)));
    },
  ],
  // g - eʸ ⊙ Σ g
  logSoftmaxBackward: ({ grad, inputs: [upper, output], params: { dim } }) => [
    () => sub(grad, sum(mul(grad, exp(output)), dim, { keepdim: true })),
    () => neg(mul(mul(grad, exp(output)), sum(upper, dim, { keepdim: true }))),
  ],
  nllLoss: ({ grad, inputs: [scores, target], params }) => [
    () => dispatch("nllLossBackward", [grad, target], { ...params, shape: scores.shape }),
    undefined,
  ],
  // The loss is linear in the scores: the adjoint of its adjoint is itself.
  nllLossBackward: ({ grad, inputs: [, target], params: { reduction, ignoreIndex } }) => [
    () => dispatch("nllLoss", [grad, target], { reduction, ignoreIndex }),
    undefined,
  ],
  mseLoss: (context) => {
    const { grad, inputs, params } = context;
    if (isGradEnabled()) return composed(context, (x, y) => composedMseLoss(x, y, params.reduction));
    const all = once(() => dispatch("mseLossBackward", [grad, ...inputs], params));
    return [all, () => neg(all())];
  },
  mseLossBackward: () => refuse("mseLoss"),
  crossEntropy: (context) => {
    const { grad, inputs, params, reserve } = context;
    const [logits, target] = inputs;
    if (isGradEnabled()) {
      return composed(context, (x, classes) => dispatch("nllLoss", [logSoftmax(x, 1), classes], params));
    }
    return [
      () => dispatch("crossEntropyBackward", [grad, target, reserve], { ...params, shape: logits.shape }),
      undefined,
    ];
  },
  crossEntropyBackward: () => refuse("crossEntropy"),
} satisfies Partial<RuleTable>;

function composedMseLoss(prediction: Tensor, target: Tensor, reduction: Reduction): Tensor {
  const squares = square(sub(prediction, target));
  return reduction === "none" ? squares : reduction === "sum" ? sum(squares) : mean(squares);
}
