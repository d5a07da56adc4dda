// Logic on elements, in function form: connectives of booleans, what kind of number an element is, choices by a mask.
// Comparisons themselves are in pointwise.ts. Everything is true that is not 0; nothing here has a gradient of its own.

import type { Tensor } from "../../../tensor/tensor.ts";
import type { Operand } from "../operands.ts";
import { scalar } from "../operands.ts";
import { abs, eq, lt, ne, to, where } from "./pointwise.ts";

/**
 * Whether both are true, as bool. Shapes broadcast; any dtypes.
 *
 * @example
 * logicalAnd(tensor([true, true]), tensor([true, false])); // tensor([ True, False])
 */
export function logicalAnd(lhs: Operand, rhs: Operand): Tensor {
  return where(truth(lhs), truth(rhs), false);
}

/**
 * Whether at least one is true, as bool. Shapes broadcast; any dtypes.
 *
 * @example
 * logicalOr(tensor([0, 2]), tensor([0, 0])); // tensor([False,  True])
 */
export function logicalOr(lhs: Operand, rhs: Operand): Tensor {
  return where(truth(lhs), true, truth(rhs));
}

/**
 * Whether exactly one is true, as bool. Shapes broadcast; any dtypes.
 *
 * @example
 * logicalXor(tensor([true, true]), tensor([true, false])); // tensor([False,  True])
 */
export function logicalXor(lhs: Operand, rhs: Operand): Tensor {
  return ne(truth(lhs), truth(rhs));
}

/**
 * Whether the element is false, as bool: 0, or `false`. Any shape and dtype.
 *
 * @example
 * logicalNot(tensor([0, 1, 2])); // tensor([ True, False, False])
 */
export function logicalNot(x: Tensor): Tensor {
  return eq(x, 0);
}

/**
 * Where an element is not a number, as bool. Any shape and dtype.
 *
 * @example
 * isnan(tensor([1, NaN])); // tensor([False,  True])
 */
export function isnan(x: Tensor): Tensor {
  return ne(x, x);
}

/**
 * Where an element is infinite, with either sign, as bool. Any shape and dtype.
 *
 * @example
 * isinf(tensor([1, -Infinity, NaN])); // tensor([False,  True, False])
 */
export function isinf(x: Tensor): Tensor {
  return x.dtype === "float32" ? eq(abs(x), Infinity) : ne(x, x);
}

/**
 * Where an element is neither infinite nor NaN, as bool. Any shape and dtype.
 *
 * @example
 * isfinite(tensor([1, -Infinity, NaN])); // tensor([ True, False, False])
 */
export function isfinite(x: Tensor): Tensor {
  return x.dtype === "float32" ? lt(abs(x), Infinity) : eq(x, x);
}

/**
 * `value` where the mask is true, x elsewhere; x's dtype stays. The mask is bool; shapes broadcast. Gradient: to x where
 * the mask is false, to a tensor `value` where it is true. Throws a DtypeError for a mask that is not bool.
 *
 * @example
 * maskedFill(tensor([1, 2, 3]), tensor([false, true, false]), -Infinity); // tensor([1., -inf, 3.])
 */
export function maskedFill(x: Tensor, mask: Tensor, value: Operand): Tensor {
  return where(mask, typeof value === "object" ? to(value, x.dtype) : scalar(value, x.dtype), x);
}

function truth(x: Operand): Tensor {
  return to(typeof x === "object" ? x : scalar(x), "bool");
}
