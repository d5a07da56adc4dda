// CPU kernels of the optimiser steps, one parameter after the other.

import type { TypedArray } from "../../core/dtype.ts";
import type { UpdateKernelTable } from "../backend.ts";

/** From an operand's first element on. */
const from = ({ buffer, offset }: { readonly buffer: TypedArray; readonly offset: number }) => buffer.subarray(offset);

export const updateKernels: UpdateKernelTable<TypedArray> = {
  sgd: ({ size, inputs, outputs: [next] }, { lr, gradientScale, weightDecay }) => {
    const [p, gradient] = [from(inputs[0]), from(inputs[1])];
    for (let i = 0; i < size; i++) next[i] = p[i]! - lr * (gradientScale * gradient[i]! + weightDecay * p[i]!);
  },
  momentum: ({ size, inputs, outputs: [next, velocity] }, options) => {
    const { lr, momentum, gradientShare, nesterov, gradientScale, weightDecay } = options;
    const [p, gradient, before] = [from(inputs[0]), from(inputs[1]), from(inputs[2])];
    for (let i = 0; i < size; i++) {
      const g = gradientScale * gradient[i]! + weightDecay * p[i]!;
      const v = momentum * before[i]! + gradientShare * g;
      velocity[i] = v;
      next[i] = p[i]! - lr * (nesterov ? g + momentum * v : v);
    }
  },
  adam: ({ size, inputs, outputs: [next, nextMean, nextSquare] }, options) => {
    const { beta1, beta2, eps, shrink, stepSize, rootScale, gradientScale, weightDecay } = options;
    const [p, gradient, mean, square] = [from(inputs[0]), from(inputs[1]), from(inputs[2]), from(inputs[3])];
    for (let i = 0; i < size; i++) {
      const g = gradientScale * gradient[i]! + weightDecay * p[i]!;
      const m = beta1 * mean[i]! + (1 - beta1) * g;
      const v = beta2 * square[i]! + (1 - beta2) * g * g;
      nextMean[i] = m;
      nextSquare[i] = v;
      next[i] = shrink * p[i]! - (stepSize * m) / (Math.sqrt(v) * rootScale + eps);
    }
  },
};
