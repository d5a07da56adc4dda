// Convolutions over N × C × H × W and their two adjoints.

import type { KernelTable } from "../../../backend.ts";
import type { Gpu } from "../../gpu.ts";
import type { GpuBuffer } from "../../memory/gpu-buffer.ts";
import { correlate } from "./correlate.ts";
import { convolutionOf, inputGradientsOf } from "./correlation.ts";
import { asItIs } from "./parts.ts";
import { weightGradient } from "./weight-gradient.ts";

export const convolutionKernels = (gpu: Gpu) =>
  ({
    conv2d: ([x, weight, bias], y, params) => {
      const finish = { bias, activation: params.activation };
      correlate(gpu, [convolutionOf(x.shape, weight.shape, y.shape, params)], x, weight, y, finish);
    },
    conv2dInput: ([grad, weight], y, params) => {
      correlate(gpu, inputGradientsOf(grad.shape, weight.shape, y.shape, params), grad, weight, y, asItIs);
    },
    conv2dWeight: ([x, grad], y, params) => weightGradient(gpu, x, grad, y, params),
  }) satisfies Partial<KernelTable<GpuBuffer>>;
