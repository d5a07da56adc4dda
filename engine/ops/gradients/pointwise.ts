// Gradients of the element-by-element ops.

import { add, div, eq, gt, log, lt, mul, neg, pow, sub, to, where } from "../functions/pointwise.ts";
import type { RuleTable } from "./rule.ts";

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
  eq: () => [undefined, undefined],
  gt: () => [undefined, undefined],
  lt: () => [undefined, undefined],
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
  tanh: ({ grad, output }) => [() => mul(grad, sub(1, mul(output, output)))],
  sigmoid: ({ grad, output }) => [() => mul(grad, mul(output, sub(1, output)))],
  relu: ({ grad, output }) => [() => mul(grad, to(gt(output, 0), "float32"))],
  // Only float32 has gradients, and the engine has no other fractional dtype yet.
  cast: ({ grad }) => [() => grad],
} satisfies Partial<RuleTable>;
