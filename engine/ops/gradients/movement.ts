// Gradients of the ops that move elements: each moves the gradient back.

import { flip, narrow, pad, permute, reshape } from "../functions/movement.ts";
import type { RuleTable } from "./rule.ts";

export const movementGradients = {
  reshape: ({ grad, shapes: [shape] }) => [() => reshape(grad, shape)],
  permute: ({ grad, params: { dims } }) => [
    () =>
      permute(
        grad,
        dims.map((_, dim) => dims.indexOf(dim)),
      ),
  ],
  // Repeated dimensions are summed by backward, as for every broadcast.
  expand: ({ grad }) => [() => grad],
  flip: ({ grad, params: { dims } }) => [() => flip(grad, dims)],
  narrow: ({ grad, shapes: [shape], params: { dim, start, length } }) => [
    () => {
      const around = [start, shape[dim]! - start - length];
      return pad(grad, [...new Array<number>(2 * (shape.length - 1 - dim)).fill(0), ...around]);
    },
  ],
  pad: ({ grad, shapes: [shape], params: { padding } }) => [
    () => padding.reduce((rest, [before], dim) => narrow(rest, dim, before, shape[dim]!), grad),
  ],
  cat: ({ grad, shapes, params: { dim } }) => {
    let start = 0;
    return shapes.map((shape) => {
      const from = start;
      start += shape[dim]!;
      return () => narrow(grad, dim, from, shape[dim]!);
    });
  },
} satisfies Partial<RuleTable>;
