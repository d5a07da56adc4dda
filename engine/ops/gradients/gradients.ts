// The table of gradient rules: every op has one. Read by autograd/propagate.ts.

import type { OpName } from "../table.ts";
import { classificationGradients } from "./classification.ts";
import { imageGradients } from "./image.ts";
import { indexingGradients } from "./indexing.ts";
import { matmulGradients } from "./matmul.ts";
import { movementGradients } from "./movement.ts";
import { normalizationGradients } from "./normalization.ts";
import { orderGradients } from "./order.ts";
import { pointwiseGradients } from "./pointwise.ts";
import { recurrentGradients } from "./recurrent.ts";
import { reductionGradients } from "./reduction.ts";
import type { Rule, RuleTable } from "./rule.ts";

const rules: RuleTable = {
  ...pointwiseGradients,
  ...reductionGradients,
  ...orderGradients,
  ...movementGradients,
  ...indexingGradients,
  ...matmulGradients,
  ...recurrentGradients,
  ...normalizationGradients,
  ...imageGradients,
  ...classificationGradients,
};

export function ruleOf<P extends OpName>(op: P): Rule<P> {
  return rules[op];
}
