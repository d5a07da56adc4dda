// What the gradient rules of fused ops share: one …Backward op gives the gradients of all inputs, flat. Where the walk is
// recorded, the op is computed again as a composition of others, whose gradients have gradients; so …Backward ops need none.

import { GradError } from "../../core/errors.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { narrow, reshape } from "../functions/movement/movement.ts";
import type { Inputs, OpName } from "../table.ts";
import type { GradContext, InputGradient } from "./rule.ts";

/** The gradients of all inputs by way of `compose`, which computes what the op does, of copies where the walk ends. */
export function composed<P extends "rnn" | "gru" | "lstm" | "normalize" | "crossEntropy" | "mseLoss">(
  { grad, inputs, gradientsOf }: GradContext<P>,
  compose: (...inputs: Inputs<P, Tensor>) => Tensor,
): Inputs<P, InputGradient> {
  const gradients = once(() => {
    const copies = (inputs as readonly Tensor[]).map((input) => reshape(input, input.shape));
    return gradientsOf(compose(...(copies as unknown as Inputs<P, Tensor>)), grad, copies);
  });
  return (inputs as readonly Tensor[]).map((_, i) => () => gradients()[i]!) as unknown as Inputs<P, InputGradient>;
}

/** The rule of a …Backward op. */
export function refuse(op: OpName): never {
  throw new GradError(
    `${op}Backward`,
    "has no gradient",
    `The gradient of ${op} has one where it is recorded itself: pass { createGraph: true } to backward() or gradients().`,
  );
}

/** What `compute` gives, computed when it is first needed. */
export function once<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => (value ??= compute());
}

/** A look at a flat tensor from element `start` on. */
export function part(flat: Tensor, start: number, shape: Shape): Tensor {
  return reshape(narrow(flat, 0, start, sizeOf(shape)), shape);
}
