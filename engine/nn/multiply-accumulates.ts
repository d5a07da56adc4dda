// How many products an op sums up: the usual measure of what a network costs, half its floating-point operations. Only matrix
// products and convolutions count; biases, activations, pooling and normalisation do not. Called by dry-run.ts.

import type { ComputedOp } from "../backends/backend.ts";
import { sizeOf } from "../core/shape.ts";
import type { Inputs, Meta, Params } from "../ops/table.ts";

type Count<P extends ComputedOp> = (inputs: Inputs<P, Meta>, output: Meta, params: Params<P>) => number;

/** Every output element sums over what it is made of; in adjoints, every input element is spread over what it was made of. */
const counts: { readonly [P in ComputedOp]?: Count<P> } = {
  matmul: ([lhs], output, { transposeLhs }) => sizeOf(output.shape) * lhs.shape.at(transposeLhs ? -2 : -1)!,
  linear: ([, weight], output) => sizeOf(output.shape) * weight.shape[1]!,
  rnn: ([pre, weight]) => sizeOf(pre.shape) * weight.shape[1]!,
  gru: ([pre, weight]) => sizeOf(pre.shape) * weight.shape[1]!,
  lstm: ([pre, weight]) => sizeOf(pre.shape) * weight.shape[1]!,
  conv2d: ([, weight], output) => sizeOf(output.shape) * sizeOf(weight.shape.slice(1)),
  conv2dInput: ([gradient, weight]) => sizeOf(gradient.shape) * sizeOf(weight.shape.slice(1)),
  conv2dWeight: ([, gradient], weight) => sizeOf(gradient.shape) * sizeOf(weight.shape.slice(1)),
};

/** Multiply-accumulates of one op; 0 for all but matrix products and convolutions. */
export function multiplyAccumulates<P extends ComputedOp>(
  op: P,
  inputs: Inputs<P, Meta>,
  output: Meta,
  params: Params<P>,
): number {
  const count: Count<P> | undefined = counts[op];
  return count === undefined ? 0 : count(inputs, output, params);
}
