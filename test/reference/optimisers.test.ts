// Optimisers walk PyTorch's path under the same gradients.

import { describe, it } from "vitest";
import { optim } from "#engine";
import { expectClose, type Golden, readGolden, toTensor } from "./golden.ts";

interface Options {
  readonly lr?: number;
  readonly momentum?: number;
  readonly dampening?: number;
  readonly nesterov?: boolean;
  readonly weight_decay?: number;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
}

const golden = readGolden<{
  readonly start: Golden;
  readonly grads: readonly Golden[];
  readonly rows: readonly { name: "SGD" | "Adam"; options: Options; steps: readonly (readonly number[])[] }[];
}>("optimisers");

describe("optimisers agree with PyTorch", () => {
  it.each(golden.rows.map((row) => [`${row.name} ${JSON.stringify(row.options)}`, row] as const))("%s", (_, row) => {
    const parameter = toTensor(golden.start, { requiresGrad: true });
    const { weight_decay: weightDecay, ...options } = row.options;
    const optimiser = new optim[row.name]([parameter], {
      ...options,
      ...(weightDecay !== undefined && { weightDecay }),
    });
    golden.grads.forEach((grad, step) => {
      parameter.grad = toTensor(grad);
      optimiser.step();
      expectClose(parameter.dataSync(), row.steps[step]!, 1e-6);
    });
  });
});
