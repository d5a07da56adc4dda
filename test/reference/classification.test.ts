// Softmax at the edges, and the losses of classification with weights, ignored targets, smoothing and probabilities,
// against PyTorch.

import { nn, tensor } from "#engine";
import { type Run, walkGoldens } from "./walk.ts";

interface Params extends nn.functional.CrossEntropyOptions {
  readonly dim: number;
}

const F = nn.functional;
const weight = tensor([0.5, 1, 2]);

const functions: Readonly<Record<string, Run<Params>>> = {
  nllLoss: ([x, target], options) => F.nllLoss(x!, target!, options),
  nllLossWeighted: ([x, target], options) => F.nllLoss(x!, target!, { ...options, weight }),
  crossEntropy: ([x, target], options) => F.crossEntropy(x!, target!, options),
  crossEntropyWeighted: ([x, target], options) => F.crossEntropy(x!, target!, { ...options, weight }),
  softmax: ([x], { dim }) => F.softmax(x!, dim),
  logSoftmax: ([x], { dim }) => F.logSoftmax(x!, dim),
};

walkGoldens("classification", functions);
