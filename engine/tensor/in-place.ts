// The methods that end in an underscore: they give a tensor new elements instead of making a new tensor. Storage is never
// overwritten (another op may have kept it), so gradients stay right whatever is changed in between. What PyTorch would
// write through to another tensor is refused here, because it would silently not arrive.

import { isGradEnabled } from "../autograd/no-grad.ts";
import type { Scalar } from "../core/dtype.ts";
import { DtypeError, GradError, ShapeError } from "../core/errors.ts";
import { formatShape, sameShape } from "../core/shape.ts";
import { at, type Index } from "../ops/functions/indexing/at.ts";
import { scatter } from "../ops/functions/indexing/indexing.ts";
import { expand } from "../ops/functions/movement/movement.ts";
import { type Operand, onDeviceOf, toTensorBeside } from "../ops/functions/operands.ts";
import { add, div, mul, sub, to } from "../ops/functions/pointwise/pointwise.ts";
import { arange } from "./creation.ts";
import type { Tensor } from "./tensor.ts";

export const inPlaceMethods = {
  /** Adds `other` in place. */
  add_(this: Tensor, other: Operand): Tensor {
    return change(this, "add_", add(this, other));
  },
  /** Subtracts `other` in place: `noGrad(() => w.sub_(w.grad!.mul(lr)))` is a step of gradient descent. */
  sub_(this: Tensor, other: Operand): Tensor {
    return change(this, "sub_", sub(this, other));
  },
  /** Multiplies by `other` in place. */
  mul_(this: Tensor, other: Operand): Tensor {
    return change(this, "mul_", mul(this, other));
  },
  /** Divides by `other` in place. */
  div_(this: Tensor, other: Operand): Tensor {
    return change(this, "div_", div(this, other));
  },
  /** Takes over the elements of `source`, which broadcasts and is converted to this dtype. */
  copy_(this: Tensor, source: Operand): Tensor {
    return change(this, "copy_", expand(to(toTensorBeside(source, this.dtype), this.dtype), this.shape));
  },
  /** Sets every element to `value`. */
  fill_(this: Tensor, value: Scalar): Tensor {
    return change(this, "fill_", expand(to(toTensorBeside(value, this.dtype), this.dtype), this.shape));
  },
  /**
   * Writes `value`, which broadcasts, where `at(...indices)` reads: `x.indexPut_([0, "1:"], 5)` is `x[0, 1:] = 5`. Of values
   * for the same place, one stays.
   */
  indexPut_(this: Tensor, indices: readonly Index[], value: Operand): Tensor {
    const places = at(arange(0, this.numel, 1, { device: this.device }).reshape(this.shape), ...indices);
    const values = onDeviceOf(expand(to(toTensorBeside(value, this.dtype), this.dtype), places.shape), this);
    const flat = scatter(this.reshape(-1), 0, places.reshape(-1), values.reshape(-1));
    return change(this, "indexPut_", flat.reshape(this.shape));
  },
  /** Sets every element to 0. */
  zero_(this: Tensor): Tensor {
    return change(this, "zero_", expand(toTensorBeside(0, this.dtype), this.shape));
  },
};

function change(x: Tensor, op: string, computed: Tensor): Tensor {
  const result = onDeviceOf(computed, x);
  if (x.isLeaf && x.requiresGrad && isGradEnabled()) {
    const hint = "Update parameters inside noGrad(() => …), or let an optimiser do it.";
    throw new GradError(
      op,
      `a leaf that requires a gradient, ${formatShape(x.shape)}, cannot be changed in place`,
      hint,
    );
  }
  if (x.isView) {
    const problem = `a view of shape ${formatShape(x.shape)} shares its elements, and the change would not reach the others`;
    throw new GradError(op, problem, `Use ${op.slice(0, -1)}, which gives a new tensor, or clone() first.`);
  }
  if (!sameShape(result.shape, x.shape)) {
    const shapes = { tensor: x.shape, result: result.shape };
    throw ShapeError.of(
      op,
      "the result has another shape",
      shapes,
      `Use ${op.slice(0, -1)} for a tensor of the new shape.`,
    );
  }
  if (result.dtype !== x.dtype) {
    const dtypes = [x.dtype, result.dtype] as const;
    const hint = `Use ${op.slice(0, -1)}, or convert the tensor first.`;
    throw new DtypeError(op, `the result is ${result.dtype}, the tensor ${x.dtype}`, dtypes, hint);
  }
  return x.become(result);
}
