// What is right: the plain kernels on float64, which they compute with anyway, so that nothing is rounded to float32.

import type { ComputedOp, Operand, Output } from "../../engine/backends/backend.ts";
import { plainKernels } from "../../engine/backends/cpu/plain-backend.ts";
import type { Values } from "../../engine/backends/webgpu/against-plain.ts";
import type { DType, TypedArray } from "../../engine/core/dtype.ts";
import { contiguousLayout } from "../../engine/core/layout.ts";
import { sizeOf } from "../../engine/core/shape.ts";
import { infer } from "../../engine/ops/inference/inference.ts";
import type { Inputs, Meta, Params } from "../../engine/ops/table.ts";

/** One call of an op. Floats are float32. */
export interface Call<P extends ComputedOp> {
  readonly inputs: readonly Values[];
  readonly params: Params<P>;
}

export interface Exact {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Floats in float64. */
  readonly values: ArrayLike<number>;
  readonly reserve: ArrayLike<number>;
}

export function exactly<P extends ComputedOp>(op: P, { inputs, params }: Call<P>): Exact {
  const operands = inputs.map(({ shape, values }): Operand<TypedArray> => {
    const buffer = values instanceof Float32Array ? wide(values) : values;
    return { ...contiguousLayout(shape), dtype: dtypeOf(values), buffer };
  });
  const { shape, dtype, reserve = 0 } = infer(op, operands as unknown as Inputs<P, Meta>, params);
  const room = {
    float32: wide,
    int32: (size: number) => new Int32Array(size),
    bool: (size: number) => new Uint8Array(size),
  };
  const output: Output<TypedArray> = {
    ...contiguousLayout(shape),
    ...{ dtype, buffer: room[dtype](sizeOf(shape)), reserve: wide(reserve) },
  };
  const kernel = plainKernels[op] as unknown as (inputs: unknown, output: unknown, params: unknown) => void;
  kernel(operands, output, params);
  return { shape, dtype, values: output.buffer, reserve: output.reserve! };
}

/** Kernels read and write elements only, whatever the array. */
function wide(from: number | Float32Array): TypedArray {
  return new Float64Array(from as number) as unknown as TypedArray;
}

export function dtypeOf(values: TypedArray): DType {
  return values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "bool";
}
