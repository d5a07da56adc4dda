// The mean squared error and its gradient.

import { sizeOf } from "../../../core/shape.ts";
import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { addressOf, runPlain } from "../plain-kernels.ts";
import { chains } from "../pointwise/chains.ts";
import { planPointwise, planRow } from "../pointwise/plan.ts";
import { planReduction } from "../reduction/plan.ts";
import type { Runtime } from "../runtime.ts";
import { cost, workerOf } from "./worker.ts";

export function lossKernels(runtime: Runtime) {
  const { scratch } = runtime;
  const [pointwise, reduce] = [workerOf(runtime, "loss"), workerOf(runtime, "loss reduce")];
  return {
    mseLoss: (inputs, y, params) => {
      const size = sizeOf(inputs[0].shape);
      if (size === 0) {
        runPlain("mseLoss", inputs, y, params);
        return;
      }
      const { reduction } = params;
      const grain = pointwise.grain(size, cost.memory);
      const errors = reduction === "none" ? y.buffer.address : scratch.address(0, 4 * size);
      pointwise.run(planRow(chains.squaredError, size, [errors, ...inputs.map(addressOf)], grain));
      if (reduction === "none") return;
      const stages = planReduction({
        ...{
          op: reduction,
          shape: [size],
          dims: [0],
          from: { address: errors, strides: [1] },
          to: y.buffer.address,
          grain,
        },
        scratch: (bytes) => scratch.address(1, bytes),
      });
      for (const stage of stages!) reduce.run(stage);
    },
    mseLossBackward: ([grad, x, target], y, { reduction }) => {
      const size = sizeOf(y.shape);
      if (size === 0) return;
      const grain = pointwise.grain(size, cost.memory);
      const operands = [addressOf(x), addressOf(target)];
      if (reduction === "none") {
        const addresses = [y.buffer.address, addressOf(grad), ...operands];
        pointwise.run(planRow(chains.squaredErrorBackward, size, addresses, grain));
        return;
      }
      const share = scratch.address(0, 4);
      scratch.floats(share, 1)[0] = grad.buffer.values[grad.offset]! / (reduction === "mean" ? size : 1);
      const placed = operands.map((address) => ({ address, strides: [1] }));
      const output = { address: y.buffer.address, strides: [1] };
      const inputs = [{ address: share, strides: [0] }, ...placed];
      pointwise.run(planPointwise(chains.squaredErrorBackward, [size], output, inputs, grain));
    },
  } satisfies Partial<KernelTable<HeapBuffer>>;
}
