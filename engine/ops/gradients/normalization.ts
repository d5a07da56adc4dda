// Gradients of normalisation.

import { isGradEnabled } from "../../autograd/no-grad.ts";
import { dispatch } from "../dispatch.ts";
import { composedNormalize } from "../functions/normalization.ts";
import { composed, once, part, refuse } from "./fused.ts";
import type { RuleTable } from "./rule.ts";

export const normalizationGradients = {
  normalize: (context) => {
    const { grad, inputs, params, reserve } = context;
    if (isGradEnabled()) return composed(context, (x, weight, bias) => composedNormalize(x, weight, bias, params));
    const [x, weight, bias] = inputs;
    const all = once(() => dispatch("normalizeBackward", [grad, x, weight, reserve], params));
    return [
      () => part(all(), 0, x.shape),
      () => part(all(), x.numel, weight.shape),
      () => part(all(), x.numel + weight.numel, bias.shape),
    ];
  },
  normalizeBackward: () => refuse("normalize"),
} satisfies Partial<RuleTable>;
