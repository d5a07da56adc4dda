// Normalisation and its gradient.

import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { planAffineGradient, planNormalize, planNormalizeGradient } from "../normalization/plan.ts";
import { addressOf } from "../plain-kernels.ts";
import type { Runtime } from "../runtime.ts";
import { cost, workerOf } from "./worker.ts";

export function normalizationKernels(runtime: Runtime) {
  const worker = workerOf(runtime, "normalize");
  return {
    normalize: ([x, weight, bias], y, { affine, eps, ...groups }) => {
      const size = groups.batch * groups.groups * groups.length;
      if (size === 0) return;
      const moments = momentsAt(y.reserve!.address, groups.groups);
      const at = { ...moments, x: addressOf(x), y: y.buffer.address, weight: addressOf(weight), bias: addressOf(bias) };
      worker.run(planNormalize(groups, affine, eps, at, worker.grain(size, 2 * cost.memory)));
    },
    normalizeBackward: ([grad, x, weight, reserve], y, { affine, eps: _, ...groups }) => {
      const size = groups.batch * groups.groups * groups.length;
      if (size === 0) {
        y.buffer.values.fill(0);
        return;
      }
      const parameters = affine === "group" ? groups.groups : groups.length;
      const gradX = y.buffer.address;
      const [gradWeight, gradBias] = [gradX + 4 * size, gradX + 4 * (size + parameters)];
      const at = {
        ...{ x: addressOf(x), grad: addressOf(grad), weight: addressOf(weight), gradX, gradWeight, gradBias },
        ...momentsAt(addressOf(reserve), groups.groups),
      };
      const grain = worker.grain(size, 2 * cost.memory);
      worker.run(planNormalizeGradient(groups, affine, at, grain));
      if (affine === "element") worker.run(planAffineGradient(groups, at, grain));
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}

function momentsAt(address: number, groups: number) {
  return { mean: address, variance: address + 4 * groups, inverse: address + 8 * groups };
}
