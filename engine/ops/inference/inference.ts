// Shape and dtype of every op's result, without computing it; refuses what does not fit, with shapes and a hint.
// Called by dispatch.ts. The families are in the files beside.

import type { Inputs, Meta, OpTable, Params } from "../table.ts";
import { classificationInference } from "./classification.ts";
import { imageInference } from "./image.ts";
import { indexingInference } from "./indexing.ts";
import type { InferenceTable, Inferred } from "./inference-table.ts";
import { matmulInference } from "./matmul.ts";
import { movementInference } from "./movement.ts";
import { normalizationInference } from "./normalization.ts";
import { orderInference } from "./order.ts";
import { pointwiseInference } from "./pointwise.ts";
import { recurrentInference } from "./recurrent.ts";
import { reductionInference } from "./reduction.ts";

const table: InferenceTable = {
  ...pointwiseInference,
  ...reductionInference,
  ...orderInference,
  ...movementInference,
  ...indexingInference,
  ...matmulInference,
  ...recurrentInference,
  ...normalizationInference,
  ...imageInference,
  ...classificationInference,
};

export function infer<P extends keyof OpTable>(op: P, inputs: Inputs<P, Meta>, params: Params<P>): Inferred {
  return table[op](inputs, params);
}
