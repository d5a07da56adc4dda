// For tests of kernels: one op on whatever device the tests run on, and what the plain backend makes of the same operands.

import type { TypedArray } from "../../core/dtype.ts";
import { contiguousLayout } from "../../core/layout.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { tensor } from "../../index.ts";
import { infer } from "../../ops/inference/inference.ts";
import type { Inputs, Meta, Params } from "../../ops/table.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { BackendBuffer, ComputedOp, Operand } from "../backend.ts";
import { createPlainBackend } from "../cpu/plain-backend.ts";

export interface Values {
  readonly shape: Shape;
  readonly values: TypedArray;
}

/** What the plain kernel writes. */
export function plainly<P extends ComputedOp>(op: P, given: readonly Values[], params: Params<P>) {
  const backend = createPlainBackend();
  const metas = given.map(({ shape, values }): Meta => ({ shape, dtype: dtypeOf(values) }));
  const inferred = infer(op, metas as unknown as Inputs<P, Meta>, params);
  const room = (size: number) => backend.allocate(inferred.dtype, size);
  const operands = given.map(({ values }, i): Operand<BackendBuffer> => {
    const buffer = backend.allocate(metas[i]!.dtype, values.length);
    backend.write(buffer, values);
    return { ...metas[i]!, ...contiguousLayout(metas[i]!.shape), buffer };
  });
  const [buffer, reserve] = [room(sizeOf(inferred.shape)), room(inferred.reserve ?? 0)];
  const output = { ...contiguousLayout(inferred.shape), dtype: inferred.dtype, buffer, reserve };
  backend.run(op, operands as unknown as Inputs<P, Operand<BackendBuffer>>, output, params);
  return {
    output: { shape: inferred.shape, values: backend.readSync(buffer, 0, sizeOf(inferred.shape)) },
    reserve: { shape: [inferred.reserve ?? 0], values: backend.readSync(reserve, 0, inferred.reserve ?? 0) },
  } satisfies Record<string, Values>;
}

/** A part of a larger tensor, so that its offset counts. */
export function toTensor({ shape, values }: Values): Tensor {
  const padded = new (values.constructor as Float32ArrayConstructor)(values.length + 3);
  padded.set(values, 3);
  return tensor(padded as TypedArray, { dtype: dtypeOf(values) })
    .narrow(0, 3, values.length)
    .reshape(shape);
}

/** How far apart they are at most, as a share of the largest value, or of 1; infinity where only one is NaN. */
export function distance(actual: TypedArray, expected: TypedArray): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let [worst, largest] = [0, 1];
  for (const [i, want] of expected.entries()) {
    const got = actual[i]!;
    if (Object.is(got, want) || got === want) continue;
    worst = Math.max(worst, Number.isNaN(got - want) ? Number.POSITIVE_INFINITY : Math.abs(got - want));
    if (Number.isFinite(want)) largest = Math.max(largest, Math.abs(want));
  }
  return worst / largest;
}

/** Numbers from -scale to scale. */
export function drawn(shape: Shape, seed: number, scale = 1): Values {
  let state = seed * 7919 + 1;
  const values = Float32Array.from({ length: sizeOf(shape) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state / 2 ** 31) * scale;
  });
  return { shape, values };
}

/** Whole numbers from 0 to below `limit`. */
export function drawnIndices(shape: Shape, seed: number, limit: number): Values {
  const values = drawn(shape, seed).values;
  return {
    shape,
    values: Int32Array.from(values, (value) => Math.min(Math.floor(((value + 1) / 2) * limit), limit - 1)),
  };
}

function dtypeOf(values: TypedArray): Meta["dtype"] {
  return values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "bool";
}
