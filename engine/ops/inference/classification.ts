// Inference of softmax, its logarithm and losses.

import { DtypeError, ShapeError } from "../../core/errors.ts";
import { sameShape, sizeOf } from "../../core/shape.ts";
import type { Meta, NllLossParams } from "../table.ts";
import { requireFloat } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

export const classificationInference = {
  softmax: ([x]) => {
    requireFloat("softmax", x);
    return { shape: x.shape, dtype: x.dtype };
  },
  logSoftmax: ([x]) => {
    requireFloat("logSoftmax", x);
    return { shape: x.shape, dtype: x.dtype };
  },
  softmaxBackward: ([grad]) => ({ shape: grad.shape, dtype: grad.dtype }),
  logSoftmaxBackward: ([grad]) => ({ shape: grad.shape, dtype: grad.dtype }),
  nllLossBackward: ([grad], { shape }) => ({ shape, dtype: grad.dtype }),
  mseLoss: ([prediction, target], { reduction }) => {
    requireFloat("mseLoss", prediction);
    requireFloat("mseLoss", target);
    return { shape: reduction === "none" ? prediction.shape : [], dtype: "float32" };
  },
  mseLossBackward: ([, prediction]) => prediction,
  nllLoss: lossOf,
  crossEntropy: (inputs, params) => ({ ...lossOf(inputs, params), reserve: sizeOf(inputs[0].shape) }),
  crossEntropyBackward: ([grad], { shape }) => ({ shape, dtype: grad.dtype }),
} satisfies Partial<InferenceTable>;

/** Shape of the loss. */
function lossOf([scores, target]: readonly [Meta, Meta], { reduction }: NllLossParams): Meta {
  requireFloat("nllLoss", scores);
  if (target.dtype !== "int32") {
    throw new DtypeError(
      "nllLoss",
      `targets are class numbers of dtype int32, got ${target.dtype}`,
      [target.dtype],
      'Use tensor([...], { dtype: "int32" }) or .to("int32").',
    );
  }
  const expected = [...scores.shape.slice(0, 1), ...scores.shape.slice(2)];
  if (scores.shape.length < 2 || !sameShape(expected, target.shape)) {
    throw ShapeError.of(
      "nllLoss",
      "target does not match the scores",
      { scores: scores.shape, target: target.shape },
      "Scores are N × classes × …, the target is N × … without the classes.",
    );
  }
  return { shape: reduction === "none" ? target.shape : [], dtype: "float32" };
}
