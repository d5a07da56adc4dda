// Gradients of softmax, its logarithm and the negative log-likelihood. Together the last two give softmax - one-hot.

import { zeros } from "../../tensor/creation.ts";
import { scatterAdd } from "../functions/indexing/indexing.ts";
import { expand, unsqueeze } from "../functions/movement/movement.ts";
import { div, exp, mul, ne, neg, sub, where } from "../functions/pointwise/pointwise.ts";
import { sum } from "../functions/reduction/reduction.ts";
import type { RuleTable } from "./rule.ts";

export const classificationGradients = {
  softmax: ({ grad, output, params: { dim } }) => [
    () => mul(output, sub(grad, sum(mul(grad, output), dim, { keepdim: true }))),
  ],
  logSoftmax: ({ grad, output, params: { dim } }) => [
    () => sub(grad, mul(exp(output), sum(grad, dim, { keepdim: true }))),
  ],
  nllLoss: ({ grad, inputs: [scores, target], params: { reduction, ignoreIndex } }) => [
    () => {
      const counts = ne(target, ignoreIndex);
      const share = neg(reduction === "mean" ? div(grad, sum(counts)) : grad);
      const shares = where(counts, expand(share, target.shape), 0);
      const labels = where(counts, target, 0);
      return scatterAdd(zeros(scores.shape), 1, unsqueeze(labels, 1), unsqueeze(shares, 1));
    },
    undefined,
  ],
} satisfies Partial<RuleTable>;
