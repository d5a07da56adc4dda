// The chains of ops that gradient rules (ops/gradients/pointwise.ts) are made of, each as one program: the gradient of the
// output first, then what the rule reads. All float32, unless a mask.

import { type Append, type Program, programOf, type Term } from "./program.ts";

const two = (build: (append: Append, grad: Term, saved: Term) => Term): Program =>
  programOf(["float32", "float32"], (append, [grad, saved]) => build(append, grad!, saved!));

const three = (build: (append: Append, grad: Term, a: Term, b: Term) => Term): Program =>
  programOf(["float32", "float32", "float32"], (append, [grad, a, b]) => build(append, grad!, a!, b!));

const zero = (append: Append) => append("constant", [], 0);

export const gradientPrograms = {
  /** grad, y */
  tanh: two((append, grad, y) => append("mul", [grad, append("oneMinusProduct", [y, y])])),
  /** grad, y */
  sigmoid: two((append, grad, y) => {
    const rest = append("sub", [append("constant", [], 1), y]);
    return append("mul", [grad, append("mul", [y, rest])]);
  }),
  /** grad, y: 0 where y is not positive, also where the gradient is no number */
  relu: two((append, grad, y) => append("where", [append("gt", [y, zero(append)]), grad, zero(append)])),
  /** x, target */
  squaredError: two((append, x, target) => {
    const error = append("sub", [x, target]);
    return append("mul", [error, error]);
  }),
  /** grad, x, target */
  squaredErrorBackward: three((append, grad, x, target) => {
    const slope = append("mul", [append("sub", [x, target]), append("constant", [], 2)]);
    return append("mul", [slope, grad]);
  }),
  /** grad, y */
  sqrt: two((append, grad, y) => append("div", [grad, append("add", [y, y])])),
  /** grad, x */
  abs: two((append, grad, x) => append("mul", [grad, append("sign", [x])])),
  /** grad, x: of x² */
  square: two((append, grad, x) => append("mul", [grad, append("add", [x, x])])),
  /** grad, a, b: of a/b towards b */
  divisor: three((append, grad, a, b) => {
    const quotient = append("div", [append("mul", [grad, a]), append("mul", [b, b])]);
    return append("neg", [quotient]);
  }),
  /** grad, a, b: of the larger towards a; equal ones share */
  maximum: three((append, grad, a, b) => shared(append, grad, append("gt", [a, b]), append("eq", [a, b]))),
  /** grad, a, b: of the smaller towards a */
  minimum: three((append, grad, a, b) => shared(append, grad, append("lt", [a, b]), append("eq", [a, b]))),
  /** condition, grad */
  whereTrue: programOf(["bool", "float32"], (append, [condition, grad]) =>
    append("where", [condition!, grad!, zero(append)]),
  ),
  /** condition, grad */
  whereFalse: programOf(["bool", "float32"], (append, [condition, grad]) =>
    append("where", [condition!, zero(append), grad!]),
  ),
} as const satisfies Record<string, Program>;

/** grad, x: nothing passes beyond the bounds; on them, all. */
export function clampGradientProgram(min: number, max: number): Program {
  return two((append, grad, x) => {
    const above = append("where", [append("ge", [x, append("constant", [], min)]), grad, zero(append)]);
    return append("where", [append("le", [x, append("constant", [], max)]), above, zero(append)]);
  });
}

/** a + factor · b */
export function addScaledProgram(factor: number): Program {
  return two((append, a, b) => append("add", [a, append("mul", [b, append("constant", [], factor)])]));
}

function shared(append: Append, grad: Term, whole: Term, half: Term): Term {
  const halved = append("mul", [append("oneWhere", [half]), append("constant", [], 0.5)]);
  return append("mul", [grad, append("add", [append("oneWhere", [whole]), halved])]);
}
