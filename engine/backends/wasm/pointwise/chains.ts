// Chains of ops that gradient rules and losses are made of, each as one program: one loop, and nothing in memory in between.
// All float32.

import { type Append, type Program, programOf, type Term } from "./program.ts";

const two = (build: (append: Append, a: Term, b: Term) => Term): Program =>
  programOf(["float32", "float32"], (append, [a, b]) => build(append, a!, b!));

const three = (build: (append: Append, a: Term, b: Term, c: Term) => Term): Program =>
  programOf(["float32", "float32", "float32"], (append, [a, b, c]) => build(append, a!, b!, c!));

export const chains = {
  /** grad, y → grad · (1 - y²) */
  tanhBackward: two((append, grad, y) => append("mul", [grad, append("oneMinusProduct", [y, y])])),
  /** grad, y → grad · y · (1 - y) */
  sigmoidBackward: two((append, grad, y) => {
    const rest = append("sub", [append("constant", [], 1), y]);
    return append("mul", [grad, append("mul", [y, rest])]);
  }),
  /** grad, y → grad where y > 0, also where it is no number; 0 elsewhere */
  reluBackward: two((append, grad, y) => {
    const zero = append("constant", [], 0);
    return append("where", [append("gt", [y, zero]), grad, zero]);
  }),
  /** x, target → (x - target)² */
  squaredError: two((append, x, target) => {
    const error = append("sub", [x, target]);
    return append("mul", [error, error]);
  }),
  /** grad, x, target → 2 · (x - target) · grad */
  squaredErrorBackward: three((append, grad, x, target) => {
    const slope = append("mul", [append("sub", [x, target]), append("constant", [], 2)]);
    return append("mul", [slope, grad]);
  }),
} as const satisfies Record<string, Program>;
