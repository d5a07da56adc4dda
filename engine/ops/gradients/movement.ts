// Gradients of the ops that move elements: each moves the gradient back.

import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { dispatch } from "../dispatch.ts";
import { flip, narrow, pad, permute, reshape } from "../functions/movement/movement.ts";
import type { Params } from "../table.ts";
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
  slice: ({ grad, shapes: [shape], params }) => [() => unslice(grad, shape, params)],
  contiguous: ({ grad }) => [() => grad],
  toDevice: ({ grad, params: { from, to } }) => [() => dispatch("toDevice", [grad], { from: to, to: from })],
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

/** Puts the entries of a slice back where they were taken, zeros elsewhere. */
function unslice(grad: Tensor, shape: Shape, { dim, start, length, step }: Params<"slice">): Tensor {
  const size = shape[dim]!;
  if (length === 0) return pad(grad, beside(shape, dim, 0, size));
  // Each entry becomes a group of `step`; what the last group has too many is cut off.
  const groups = reshape(grad, [...grad.shape.slice(0, dim + 1), 1, ...grad.shape.slice(dim + 1)]);
  const spread = step === 1 ? grad : pad(groups, beside(groups.shape, dim + 1, 0, step - 1));
  const spaced = step === 1 ? grad : reshape(spread, shape.with(dim, length * step));
  const used = (length - 1) * step + 1;
  return pad(step === 1 ? grad : narrow(spaced, dim, 0, used), beside(shape, dim, start, size - start - used));
}

/** Padding for one dimension only, as `pad` takes it. */
function beside(shape: Shape, dim: number, before: number, after: number): number[] {
  return [...new Array<number>(2 * (shape.length - 1 - dim)).fill(0), before, after];
}
