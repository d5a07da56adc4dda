// Plans pooling: which kernel, and which planes a call does.

import { cutsOf, type Work } from "../work.ts";
import { isHalving, type PoolGeometry, type PoolOp, poolOperands, resultOf, sizeOfPlane } from "./geometry.ts";
import { defineHalving } from "./halving.ts";
import { defineWindows } from "./windows.ts";

/**
 * Pools `planes` planes (N · C) in parts of about `grain` elements of the input. Addresses are in bytes: of the operands in
 * the order of `poolOperands`, and of the result.
 */
export function planPool(
  op: PoolOp,
  g: PoolGeometry,
  planes: number,
  operands: readonly number[],
  result: number,
  grain: number,
): Work {
  const define = isHalving(g) ? defineHalving : defineWindows;
  const sizes = [...poolOperands[op], resultOf(op)].map((which) => sizeOfPlane(g[which]) * 4);
  const cuts = cutsOf(planes, Math.ceil((planes * sizeOfPlane(g.input)) / grain));
  const calls = cuts.slice(1).map((end, i) => {
    const start = cuts[i]!;
    return [end - start, ...[...operands, result].map((address, k) => address + start * sizes[k]!)];
  });
  const { input, output, kernelSize, stride, padding, dilation, countIncludePad } = g;
  const key = [op, ...input, ...output, ...kernelSize, ...stride, ...padding, ...dilation, countIncludePad].join();
  return { key, define: (module, name) => define(module, name, op, g), calls };
}
