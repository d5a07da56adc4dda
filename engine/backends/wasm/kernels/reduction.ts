// Reductions of float32 over any dimensions, and positions of extremes; plain kernels for other dtypes and for nothing.

import { around, sizeOf } from "../../../core/shape.ts";
import type { Params } from "../../../ops/table.ts";
import type { KernelTable } from "../../backend.ts";
import type { HeapBuffer } from "../memory/heap-buffer.ts";
import { addressOf, type HeapOperand, runPlain } from "../plain-kernels.ts";
import { planExtremeIndex } from "../reduction/extreme-index.ts";
import { planReduction } from "../reduction/plan.ts";
import type { Runtime } from "../runtime.ts";
import { cost, workerOf } from "./worker.ts";

export function reductionKernels(runtime: Runtime) {
  const worker = workerOf(runtime, "reduce");

  const reduce =
    (op: "sum" | "mean" | "amax" | "amin") =>
    ([x]: readonly [HeapOperand], y: HeapOperand, params: Params<typeof op>): void => {
      const size = sizeOf(x.shape);
      const stages = x.dtype === "float32" && size > 0 ? stagesOf(op, x, y, params.dims) : undefined;
      if (stages === undefined) runPlain(op, [x], y, params);
      else for (const stage of stages) worker.run(stage);
    };

  const stagesOf = (op: "sum" | "mean" | "amax" | "amin", x: HeapOperand, y: HeapOperand, dims: readonly number[]) =>
    planReduction({
      ...{ op, shape: x.shape, dims, to: y.buffer.address, grain: worker.grain(sizeOf(x.shape), cost.memory) },
      from: { address: addressOf(x), strides: x.strides },
      scratch: (bytes) => runtime.scratch.address(0, bytes),
    });

  const position =
    (op: "argmax" | "argmin") =>
    ([x]: readonly [HeapOperand], y: HeapOperand, params: Params<typeof op>): void => {
      const size = sizeOf(x.shape);
      if (x.dtype === "bool" || size === 0) {
        runPlain(op, [x], y, params);
        return;
      }
      const from = addressOf(x);
      const grain = worker.grain(size, cost.memory);
      worker.run(planExtremeIndex(op, x.dtype, around(x.shape, params.dim), from, y.buffer.address, grain));
    };

  return {
    sum: reduce("sum"),
    mean: reduce("mean"),
    amax: reduce("amax"),
    amin: reduce("amin"),
    argmax: position("argmax"),
    argmin: position("argmin"),
  } satisfies Partial<KernelTable<HeapBuffer>>;
}
