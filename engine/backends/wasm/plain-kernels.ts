// Runs the plain kernels of ../cpu on the heap's own memory: for ops and dtypes that are too seldom used to be generated.

import type { TypedArray } from "../../core/dtype.ts";
import type { Inputs, Params } from "../../ops/table.ts";
import type { ComputedOp, Kernel, Operand, Output } from "../backend.ts";
import { alone, plainKernels, stridedOps } from "../cpu/plain-backend.ts";
import type { HeapBuffer } from "./memory/heap-buffer.ts";

export type HeapOperand = Operand<HeapBuffer>;

/** Where an operand's first element is, in bytes. */
export function addressOf({ buffer, offset, dtype }: HeapOperand): number {
  return buffer.address + (dtype === "bool" ? offset : 4 * offset);
}

export function runPlain<P extends ComputedOp>(
  op: P,
  inputs: readonly HeapOperand[],
  output: Output<HeapBuffer>,
  params: Params<P>,
): void {
  const kernel = plainKernels[op] as unknown as Kernel<P, TypedArray>;
  const operands = inputs.map((input) => (stridedOps.has(op) ? onHeap(input) : alone(onHeap(input))));
  kernel(
    operands as unknown as Inputs<P, Operand<TypedArray>>,
    { ...onHeap(output), reserve: output.reserve?.values },
    params,
  );
}

function onHeap(operand: HeapOperand): Operand<TypedArray> {
  return { ...operand, buffer: operand.buffer.values };
}
