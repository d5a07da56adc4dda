// Gradients of the element-by-element ops.

import { zeros } from "../../tensor/creation.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import { logicalAnd } from "../functions/pointwise/comparison.ts";
import { cos, floor, sin } from "../functions/pointwise/elementary.ts";
import {
  add,
  div,
  eq,
  exp,
  ge,
  gt,
  le,
  log,
  lt,
  mul,
  neg,
  pow,
  sub,
  to,
  where,
} from "../functions/pointwise/pointwise.ts";
import type { RuleTable } from "./rule.ts";

/** Steps are flat nearly everywhere. */
const flat = ({ grad }: { readonly grad: Tensor }) => [() => zeros(grad.shape, { device: grad.device })] as const;

export const pointwiseGradients = {
  add: ({ grad }) => [() => grad, () => grad],
  sub: ({ grad }) => [() => grad, () => neg(grad)],
  mul: ({ grad, inputs: [a, b] }) => [() => mul(grad, b), () => mul(grad, a)],
  div: ({ grad, inputs: [a, b] }) => [() => div(grad, b), () => neg(div(mul(grad, a), mul(b, b)))],
  pow: ({ grad, inputs: [base, exponent], output }) => [
    // At exponent 0 the power is constant, also where b⁻¹ is infinite.
    () => mul(grad, where(eq(exponent, 0), 0, mul(exponent, pow(base, sub(exponent, 1))))),
    // 0 to a positive power stays 0 nearby, although ln 0 is infinite; torch takes the same for 0⁰.
    () => mul(grad, where(eq(base, 0), 0, mul(output, log(base)))),
  ],
  maximum: ({ grad, inputs: [a, b] }) => {
    const half = mul(to(eq(a, b), "float32"), 0.5);
    return [() => mul(grad, add(to(gt(a, b), "float32"), half)), () => mul(grad, add(to(lt(a, b), "float32"), half))];
  },
  minimum: ({ grad, inputs: [a, b] }) => {
    const half = mul(to(eq(a, b), "float32"), 0.5);
    return [() => mul(grad, add(to(lt(a, b), "float32"), half)), () => mul(grad, add(to(gt(a, b), "float32"), half))];
  },
  remainder: ({ grad, inputs: [a, b] }) => [() => grad, () => neg(mul(grad, floor(div(a, b))))],
  eq: () => [undefined, undefined],
  ne: () => [undefined, undefined],
  gt: () => [undefined, undefined],
  ge: () => [undefined, undefined],
  lt: () => [undefined, undefined],
  le: () => [undefined, undefined],
  where: ({ grad, inputs: [condition] }) => [
    undefined,
    () => where(condition, grad, 0),
    () => where(condition, 0, grad),
  ],
  neg: ({ grad }) => [() => neg(grad)],
  exp: ({ grad, output }) => [() => mul(grad, output)],
  log: ({ grad, inputs: [x] }) => [() => div(grad, x)],
  sqrt: ({ grad, output }) => [() => div(grad, mul(output, 2))],
  abs: ({ grad, inputs: [x] }) => [() => mul(grad, sub(to(gt(x, 0), "float32"), to(lt(x, 0), "float32")))],
  sign: flat,
  floor: flat,
  ceil: flat,
  round: flat,
  trunc: flat,
  log1p: ({ grad, inputs: [x] }) => [() => div(grad, add(x, 1))],
  expm1: ({ grad, output }) => [() => mul(grad, add(output, 1))],
  sin: ({ grad, inputs: [x] }) => [() => mul(grad, cos(x))],
  cos: ({ grad, inputs: [x] }) => [() => neg(mul(grad, sin(x)))],
  tan: ({ grad, output }) => [() => mul(grad, add(mul(output, output), 1))],
  erf: ({ grad, inputs: [x] }) => [() => mul(grad, mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)))],
  tanh: ({ grad, output }) => [() => dispatch("tanhBackward", [grad, output], {})],
  sigmoid: ({ grad, output }) => [() => dispatch("sigmoidBackward", [grad, output], {})],
  relu: ({ grad, output }) => [() => dispatch("reluBackward", [grad, output], {})],
  tanhBackward: ({ grad, inputs: [upper, output] }) => [
    () => dispatch("tanhBackward", [grad, output], {}),
    () => mul(mul(grad, upper), mul(output, -2)),
  ],
  sigmoidBackward: ({ grad, inputs: [upper, output] }) => [
    () => dispatch("sigmoidBackward", [grad, output], {}),
    () => mul(mul(grad, upper), sub(1, mul(output, 2))),
  ],
  reluBackward: ({ grad, inputs: [, output] }) => [
    () => dispatch("reluBackward", [grad, output], {}),
    () => zeros(grad.shape, { device: grad.device }),
  ],
  // The bounds themselves still pass the gradient on, as in torch.
  clamp: ({ grad, inputs: [x], params: { min, max } }) => [() => where(logicalAnd(ge(x, min), le(x, max)), grad, 0)],
  // Only float32 has gradients, and the engine has no other fractional dtype yet.
  cast: ({ grad }) => [() => grad],
} satisfies Partial<RuleTable>;
