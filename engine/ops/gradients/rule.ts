// What a gradient rule is: given the gradient of an op's output, one function per input that computes that input's
// gradient, called only if somebody needs it. Broadcasting needs no care here: autograd/propagate.ts sums a gradient back to the
// shape of its input. Rules are written with ops, so that gradients have gradients.

import type { SavedBy } from "../../autograd/saved.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Inputs, OpName, Params } from "../table.ts";

/** The gradient of one input; undefined where there is none, as for indices. */
export type InputGradient = (() => Tensor) | undefined;

/** Gradients of `output`, whose own is `grad`, with respect to each of `inputs`; undefined where one needs none. */
export type GradientsOf = (output: Tensor, grad: Tensor, inputs: readonly Tensor[]) => readonly (Tensor | undefined)[];

export interface GradContext<P extends OpName> {
  /** Gradient of the op's output. */
  readonly grad: Tensor;
  readonly params: Params<P>;
  readonly shapes: Inputs<P, Shape>;
  /** The op's inputs, if autograd/saved.ts keeps them. */
  readonly inputs: SavedBy<P> extends "nothing" | "output" ? undefined : Inputs<P, Tensor>;
  /** The op's output, if autograd/saved.ts keeps it. */
  readonly output: SavedBy<P> extends "nothing" | "inputs"
    ? undefined
    : SavedBy<P> extends "inputs, activated output"
      ? Tensor | undefined
      : Tensor;
  /** What the op computed for its gradient only, flat. */
  readonly reserve: SavedBy<P> extends "everything" ? Tensor : undefined;
  /**
   * The recorded gradients of a recorded tensor: for an op that is one kernel, but several ops where its gradient is
   * differentiated.
   */
  readonly gradientsOf: GradientsOf;
}

export type Rule<P extends OpName> = (context: GradContext<P>) => Inputs<P, InputGradient>;
export type RuleTable = { readonly [P in OpName]: Rule<P> };
