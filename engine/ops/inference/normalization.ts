// Inference of normalisation; ops/functions/normalization.ts gives operands that fit.

import { sizeOf } from "../../core/shape.ts";
import { requireFloat } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

export const normalizationInference = {
  normalize: ([x, weight, bias], { groups }) => {
    for (const operand of [x, weight, bias]) requireFloat("normalize", operand);
    return { shape: x.shape, dtype: "float32", reserve: 3 * groups };
  },
  normalizeBackward: ([, x, weight]) => ({ shape: [sizeOf(x.shape) + 2 * sizeOf(weight.shape)], dtype: "float32" }),
} satisfies Partial<InferenceTable>;
