// What each op keeps for its gradient rule. Separate from the rules because recording needs it and the rules need ops.
// The rules' types follow from this table: a rule cannot read what was not kept.

import type { OpName } from "../ops/table.ts";

export type Keeps = "nothing" | "inputs" | "output" | "both";

export const saved = {
  add: "nothing",
  sub: "nothing",
  mul: "inputs",
  div: "inputs",
  pow: "both",
  maximum: "inputs",
  eq: "nothing",
  gt: "nothing",
  lt: "nothing",
  where: "inputs",
  neg: "nothing",
  exp: "output",
  log: "inputs",
  sqrt: "output",
  abs: "inputs",
  tanh: "output",
  sigmoid: "output",
  relu: "output",
  cast: "nothing",
  sum: "nothing",
  mean: "nothing",
  amax: "both",
  argmax: "nothing",
  reshape: "nothing",
  permute: "nothing",
  expand: "nothing",
  slice: "nothing",
  contiguous: "nothing",
  pad: "nothing",
  cat: "nothing",
  gather: "inputs",
  scatterAdd: "inputs",
  indexSelect: "inputs",
  indexAdd: "inputs",
  oneHot: "nothing",
  matmul: "inputs",
  conv2d: "inputs",
  conv2dInput: "inputs",
  conv2dWeight: "inputs",
  maxPool2d: "inputs",
  maxPool2dIndices: "nothing",
  avgPool2d: "nothing",
  avgPool2dInput: "nothing",
  bilinear: "nothing",
  bilinearInput: "nothing",
  softmax: "output",
  logSoftmax: "output",
  nllLoss: "inputs",
} as const satisfies Record<OpName, Keeps>;

export type SavedBy<P extends OpName> = (typeof saved)[P];
