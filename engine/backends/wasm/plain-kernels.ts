// Runs the plain kernels of ../cpu on the heap's own memory: for ops and dtypes that are too seldom used to be generated.

import type { TypedArray } from "../../core/dtype.ts";
import type { Inputs, Params } from "../../ops/table.ts";
import type { UpdateName, UpdateOptions } from "../../ops/update-table.ts";
import type { ComputedOp, Kernel, Operand, UpdateItem, UpdateKernel } from "../backend.ts";
import { alone, plainKernels, stridedOps } from "../cpu/plain-backend.ts";
import { updateKernels } from "../cpu/updates.ts";
import type { HeapBuffer } from "./memory/heap-buffer.ts";

export type HeapOperand = Operand<HeapBuffer>;

export function runPlain<P extends ComputedOp>(
  op: P,
  inputs: readonly HeapOperand[],
  output: HeapOperand,
  params: Params<P>,
): void {
  const kernel = plainKernels[op] as unknown as Kernel<P, TypedArray>;
  const operands = inputs.map((input) => (stridedOps.has(op) ? onHeap(input) : alone(onHeap(input))));
  kernel(operands as unknown as Inputs<P, Operand<TypedArray>>, onHeap(output), params);
}

function onHeap(operand: HeapOperand): Operand<TypedArray> {
  return { ...operand, buffer: operand.buffer.values };
}

/** The same for a step of an optimiser. */
export function updatePlain<U extends UpdateName>(
  rule: U,
  { size, inputs, outputs }: UpdateItem<U, HeapBuffer>,
  options: UpdateOptions<U>,
): void {
  const kernel = updateKernels[rule] as unknown as UpdateKernel<U, TypedArray>;
  const item = {
    size,
    inputs: (inputs as readonly { buffer: HeapBuffer; offset: number }[]).map(({ buffer, offset }) => ({
      buffer: buffer.values,
      offset,
    })),
    outputs: (outputs as readonly HeapBuffer[]).map(({ values }) => values),
  };
  kernel(item as unknown as UpdateItem<U, TypedArray>, options);
}
