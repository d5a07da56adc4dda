// What an inference is: the inputs' shapes and dtypes and the op's parameters → the output's. Types only; the families fill
// the table, inference.ts puts it together.

import type { Inputs, Meta, OpName, Params } from "../table.ts";

export type Inference<P extends OpName> = (inputs: Inputs<P, Meta>, params: Params<P>) => Meta;
export type InferenceTable = { readonly [P in OpName]: Inference<P> };
