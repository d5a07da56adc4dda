// Losses and their gradients. What the gradients of the cross-entropy read are the probabilities, see ops/table.ts.

import type { KernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import { crossEntropy, crossEntropyBackward } from "../losses/cross-entropy.ts";
import { nllLoss, nllLossBackward } from "../losses/negative-log-likelihood.ts";
import { mseLoss, mseLossBackward } from "../losses/squared-error.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";

export const lossKernels = (gpu: Gpu) =>
  ({
    mseLoss: ([x, target], y, { reduction }) => mseLoss(gpu, x, target, y, reduction),
    mseLossBackward: ([grad, x, target], y, { reduction }) =>
      mseLossBackward(gpu, grad, x, target, y.buffer, reduction),
    nllLoss: ([x, target], y, params) => nllLoss(gpu, x, target, y.buffer, params),
    nllLossBackward: ([grad, target], y, params) => nllLossBackward(gpu, grad, target, y, params),
    // Inference has asked for a reserve.
    crossEntropy: ([x, target], y, params) => crossEntropy(gpu, x, target, y.buffer, y.reserve!, params),
    crossEntropyBackward: ([grad, target, probabilities], y, params) =>
      crossEntropyBackward(gpu, grad, target, probabilities, y, params),
  }) satisfies Partial<KernelTable<GpuBuffer>>;
