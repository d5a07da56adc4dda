// Element by element, in function form. Operands broadcast; numbers stand for scalar tensors.

import { type Device, isDevice } from "../../../core/device.ts";
import type { DType } from "../../../core/dtype.ts";
import type { Tensor } from "../../../tensor/tensor.ts";
import { dispatch } from "../../dispatch.ts";
import { meet, type Operand, toFloat } from "../operands.ts";

/**
 * lhs + rhs. Gradient: 1 and 1.
 *
 * @example
 * add(tensor([1, 2]), 10); // tensor([11., 12.])
 */
export function add(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("add", meet(lhs, rhs), {});
}

/**
 * lhs - rhs; a number may come first. Gradient: 1 and -1.
 *
 * @example
 * sub(tensor([5, 7]), tensor([1, 2])); // tensor([4., 5.])
 * sub(1, tensor([0.25, 2])); // tensor([ 0.7500, -1.0000])
 */
export function sub(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("sub", meet(lhs, rhs), {});
}

/**
 * lhs · rhs, element by element. Gradient: rhs and lhs.
 *
 * @example
 * mul(tensor([[1], [2]]), tensor([3, 4])).shape; // [2, 2]
 */
export function mul(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("mul", meet(lhs, rhs), {});
}

/**
 * lhs / rhs in float32, also for integers. Gradient: 1/rhs and -lhs/rhs².
 *
 * @example
 * div(tensor([1, 2]), 4); // tensor([0.2500, 0.5000])
 */
export function div(lhs: Operand, rhs: Operand): Tensor {
  const [a, b] = meet(lhs, rhs);
  return dispatch("div", [toFloat(a), toFloat(b)], {});
}

/**
 * base to the power of exponent. Gradient: e·bᵉ⁻¹ and bᵉ·ln b.
 *
 * @example
 * pow(tensor([1, 2, 3]), 2); // tensor([1., 4., 9.])
 */
export function pow(base: Operand, exponent: Operand): Tensor {
  return dispatch("pow", meet(base, exponent), {});
}

/**
 * The larger of both. Gradient: to the larger; halved where they are equal.
 *
 * @example
 * maximum(tensor([1, 5]), tensor([3, 2])); // tensor([3., 5.])
 */
export function maximum(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("maximum", meet(lhs, rhs), {});
}

/**
 * The smaller of both. Shapes broadcast, dtypes meet; a NaN on either side stays. Gradient: to the smaller; halved where
 * they are equal.
 *
 * @example
 * minimum(tensor([1, 5]), tensor([3, 2])); // tensor([1., 2.])
 */
export function minimum(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("minimum", meet(lhs, rhs), {});
}

/**
 * lhs = rhs as bool.
 *
 * @example
 * eq(tensor([1, 2]), tensor([1, 3])); // tensor([ True, False])
 */
export function eq(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("eq", meet(lhs, rhs), {});
}

/**
 * lhs ≠ rhs as bool; a NaN differs from everything. Shapes broadcast, dtypes meet. No gradient.
 *
 * @example
 * ne(tensor([1, 2]), 1); // tensor([False,  True])
 */
export function ne(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("ne", meet(lhs, rhs), {});
}

/**
 * lhs > rhs as bool.
 *
 * @example
 * gt(tensor([1, 2]), 1); // tensor([False,  True])
 */
export function gt(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("gt", meet(lhs, rhs), {});
}

/**
 * lhs ≥ rhs as bool. Shapes broadcast, dtypes meet. No gradient.
 *
 * @example
 * ge(tensor([1, 2, 3]), 2); // tensor([False,  True,  True])
 */
export function ge(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("ge", meet(lhs, rhs), {});
}

/**
 * lhs < rhs as bool.
 *
 * @example
 * lt(tensor([1, 2]), 2); // tensor([ True, False])
 */
export function lt(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("lt", meet(lhs, rhs), {});
}

/**
 * lhs ≤ rhs as bool. Shapes broadcast, dtypes meet. No gradient.
 *
 * @example
 * le(tensor([1, 2, 3]), 2); // tensor([ True,  True, False])
 */
export function le(lhs: Operand, rhs: Operand): Tensor {
  return dispatch("le", meet(lhs, rhs), {});
}

/**
 * `a` where the condition is true, `b` elsewhere. The gradient goes to the one that was taken.
 *
 * @example
 * const x = tensor([-1, 2]);
 * where(x.gt(0), x, 0); // tensor([0., 2.])
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  return dispatch("where", [condition, ...meet(a, b)], {});
}

/**
 * -x
 *
 * @example
 * neg(tensor([1, -2])); // tensor([-1.,  2.])
 */
export function neg(x: Tensor): Tensor {
  return dispatch("neg", [x], {});
}

/**
 * eˣ. Gradient: eˣ.
 *
 * @example
 * exp(tensor([0, 1])); // tensor([1.0000, 2.7183])
 */
export function exp(x: Tensor): Tensor {
  return dispatch("exp", [toFloat(x)], {});
}

/**
 * Natural logarithm. Gradient: 1/x.
 *
 * @example
 * log(tensor([1, 2])); // tensor([0.0000, 0.6931])
 */
export function log(x: Tensor): Tensor {
  return dispatch("log", [toFloat(x)], {});
}

/**
 * √x. Gradient: 1/(2√x).
 *
 * @example
 * sqrt(tensor([4, 9])); // tensor([2., 3.])
 */
export function sqrt(x: Tensor): Tensor {
  return dispatch("sqrt", [toFloat(x)], {});
}

/**
 * |x|. Gradient: the sign; 0 at 0.
 *
 * @example
 * abs(tensor([-1, 2])); // tensor([1., 2.])
 */
export function abs(x: Tensor): Tensor {
  return dispatch("abs", [x], {});
}

/**
 * Hyperbolic tangent. Gradient: 1 - tanh².
 *
 * @example
 * tanh(tensor([0, 1])); // tensor([0.0000, 0.7616])
 */
export function tanh(x: Tensor): Tensor {
  return dispatch("tanh", [toFloat(x)], {});
}

/**
 * 1/(1 + e⁻ˣ). Gradient: σ(1 - σ).
 *
 * @example
 * sigmoid(tensor([0, 2])); // tensor([0.5000, 0.8808])
 */
export function sigmoid(x: Tensor): Tensor {
  return dispatch("sigmoid", [toFloat(x)], {});
}

/**
 * max(x, 0). Gradient: 1 where x > 0, else 0.
 *
 * @example
 * relu(tensor([-1, 2])); // tensor([0., 2.])
 */
export function relu(x: Tensor): Tensor {
  return dispatch("relu", [x], {});
}

/**
 * The elements as another dtype: fractions are cut off, everything but 0 is true; or on another device, for which elements
 * of a GPU are waited for. What is there already stays itself. Gradient: 1, between float32 only. Throws a BackendError for a
 * device that this machine lacks.
 *
 * @example
 * tensor([1.7, -1.7, 0]).to("int32"); // tensor([ 1, -1,  0])
 * tensor([1, 2]).to("cpu").device; // cpu
 */
export function to(x: Tensor, target: DType | Device): Tensor {
  if (isDevice(target)) {
    return x.device === target ? x : dispatch("toDevice", [x], { from: x.device as Device, to: target });
  }
  return x.dtype === target ? x : dispatch("cast", [x], { dtype: target });
}
