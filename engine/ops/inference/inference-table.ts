// What an inference is: the inputs' shapes and dtypes and the op's parameters → the output's. Types only; the families fill
// the table, inference.ts puts it together.

import type { Inputs, Meta, OpName, Params } from "../table.ts";

/** What an op writes: its output and, in a storage of its own that goes with the tape, what only its gradient reads. */
export interface Inferred extends Meta {
  /** Elements that only the gradient reads, of the output's dtype. Default: none. */
  readonly reserve?: number;
}

export type Inference<P extends OpName> = (inputs: Inputs<P, Meta>, params: Params<P>) => Inferred;
export type InferenceTable = { readonly [P in OpName]: Inference<P> };
