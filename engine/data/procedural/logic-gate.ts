// The truth tables of two inputs: the first data sets of every course.

import { ArgumentError } from "../../core/errors.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { TensorDataset } from "../loading/dataset.ts";

const gates = {
  and: (a: boolean, b: boolean) => a && b,
  or: (a: boolean, b: boolean) => a || b,
  nand: (a: boolean, b: boolean) => !(a && b),
  nor: (a: boolean, b: boolean) => !(a || b),
  xor: (a: boolean, b: boolean) => a !== b,
  xnor: (a: boolean, b: boolean) => a === b,
} as const;

export type GateName = keyof typeof gates;

export interface LogicGateOptions {
  /** What stands for false, in inputs and targets: 0, or -1 for perceptrons. True is 1. Default: 0. */
  readonly low?: 0 | -1;
}

/**
 * The four rows of a gate: x [4, 2] and y [4], float32, in the order 00, 01, 10, 11. Throws ArgumentError for a gate that is
 * none.
 *
 * @example
 * const [x, y] = data.logicGate("xor").tensors;
 * x.toArraySync().map((row) => row.join("")); // [00, 01, 10, 11]
 * y.toArraySync(); // [0, 1, 1, 0]
 */
export function logicGate(
  name: GateName,
  { low = 0 }: LogicGateOptions = {},
): TensorDataset<readonly [x: Tensor, y: Tensor]> {
  if (!Object.hasOwn(gates, name)) {
    throw new ArgumentError("logicGate", `there is no gate ${name}; there are ${Object.keys(gates).join(", ")}`);
  }
  const rows = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));
  const level = (value: boolean) => (value ? 1 : low);
  const x = tensor(rows.map((row) => row.map(level)));
  return new TensorDataset(x, tensor(rows.map(([a, b]) => level(gates[name](a, b)))));
}
