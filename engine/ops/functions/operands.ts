// What functions do with their arguments before dispatch: numbers become tensors, dtypes meet, dimensions are
// resolved. Called by the families beside; checks of shapes are inference.

import { type Device, isDevice } from "../../core/device.ts";
import { type DType, dtypeBeside, promote, type Scalar } from "../../core/dtype.ts";
import { ShapeError } from "../../core/errors.ts";
import { formatShape, resolveDim, type Shape } from "../../core/shape.ts";
import { tensor } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";

/** A tensor, or a number that takes part as a scalar tensor. */
export type Operand = Tensor | Scalar;

/** One number for height and width, or both. */
export type PairLike = number | readonly [height: number, width: number];

export interface KeepDim {
  /** Keep reduced dimensions with size 1. Default: false. */
  readonly keepdim?: boolean;
}

export function pairOf(value: PairLike): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

export function toFloat(x: Tensor): Tensor {
  return x.dtype === "float32" ? x : dispatch("cast", [x], { dtype: "float32" });
}

/** A number as a scalar of the CPU: dispatch takes it to where the other operands are. */
export function scalar(value: Scalar, dtype?: DType): Tensor {
  return tensor(value, { device: "cpu", ...(dtype && { dtype }) });
}

/** A number as a scalar tensor of the dtype that it takes beside `dtype`. */
export function toTensorBeside(value: Operand, dtype: DType): Tensor {
  return typeof value === "object" ? value : scalar(value, dtypeBeside(value, dtype));
}

/** x on the device of `other`. */
export function onDeviceOf(x: Tensor, { device }: Tensor): Tensor {
  if (x.device === device || !isDevice(device)) return x;
  return dispatch("toDevice", [x], { from: x.device as Device, to: device });
}

/** Both operands as tensors of the dtype in which they meet. At least one must be a tensor. */
export function meet(lhs: Operand, rhs: Operand): readonly [Tensor, Tensor] {
  if (typeof lhs !== "object") {
    const other = typeof rhs === "object" ? rhs : scalar(rhs);
    return meet(toTensorBeside(lhs, other.dtype), other);
  }
  if (typeof rhs !== "object") return meet(lhs, toTensorBeside(rhs, lhs.dtype));
  if (lhs.dtype === rhs.dtype) return [lhs, rhs];
  const dtype = promote(lhs.dtype, rhs.dtype);
  const converted = (x: Tensor) => (x.dtype === dtype ? x : dispatch("cast", [x], { dtype }));
  return [converted(lhs), converted(rhs)];
}

/** A dimension as a position from the front; -1 is the last. */
export function dimOf(op: string, dim: number, shape: Shape): number {
  const resolved = resolveDim(dim, shape.length);
  if (resolved !== undefined) return resolved;
  throw ShapeError.of(
    op,
    `dimension ${dim} is out of range`,
    { input: shape },
    `Dimensions run from ${-Math.max(shape.length, 1)} to ${Math.max(shape.length, 1) - 1}.`,
  );
}

/** Dimensions to reduce, resolved and ascending; all of them when none is given. */
export function dimsOf(op: string, dim: number | readonly number[] | undefined, shape: Shape): readonly number[] {
  if (dim === undefined) return shape.map((_, d) => d);
  const dims = (typeof dim === "number" ? [dim] : dim).map((d) => dimOf(op, d, shape)).sort((a, b) => a - b);
  if (new Set(dims).size < dims.length)
    throw ShapeError.of(
      op,
      `dimensions ${formatShape(dims)} repeat`,
      { input: shape },
      "Name every dimension once; -1 is the last.",
    );
  return dims.filter((d) => d < shape.length);
}
