// Normalisation of groups with a common mean and deviation, and its gradient.

import type { KernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer } from "../memory/gpu-buffer.ts";
import { normalize } from "../normalization/normalize.ts";
import { normalizeBackward } from "../normalization/normalize-backward.ts";

export const normalizationKernels = (gpu: Gpu) =>
  ({
    // Inference has asked for a reserve.
    normalize: ([x, weight, bias], { buffer: y, reserve }, params) =>
      normalize(gpu, { x, weight, bias, y, moments: reserve! }, params),
    normalizeBackward: ([grad, x, weight, moments], y, params) =>
      normalizeBackward(gpu, { grad, x, weight, moments }, y, params),
  }) satisfies Partial<KernelTable<GpuBuffer>>;
