// How right every op is, whichever device computes it: one class an op, which test/accuracy checks on all backends against
// float64. Says nothing about speed or gradients, and the engine itself does not read it.
//
// It holds for float32 results whose operands are 0, normal numbers, ±∞ or NaN: subnormal numbers, also those on the way, may
// count as 0, as WGSL allows (https://www.w3.org/TR/WGSL/#floating-point-accuracy). Where the exact result is NaN or beyond
// float32, so is ours. Integers and booleans are exact always. Classes are those of the field: units in the last place for one
// element, as in the specs of WGSL and OpenCL; for sums the bound of N. Higham, Accuracy and Stability of Numerical Algorithms,
// 2002, section 4.2, because what cancels loses any number of places.

import type { ComputedOp } from "../backends/backend.ts";

export type Accuracy =
  /** The exact result, to the bit: nothing is computed, or nothing that needs rounding. */
  | { readonly kind: "exact" }
  /** Units in the last place of the exact result. */
  | { readonly kind: "ulp"; readonly ulps: number }
  /**
   * So many roundings, 2⁻²⁴ each, of the sum of the sizes of all terms: what the op gives for the absolute values of its
   * operands, without its activation.
   */
  | { readonly kind: "sum"; readonly roundings: number }
  /** A share of the largest finite element among operands and result, or of 1: for what many steps lead to. */
  | { readonly kind: "largest"; readonly share: number };

const exact = { kind: "exact" } as const;
const ulp = (ulps: number) => ({ kind: "ulp", ulps }) as const;
const sum = (roundings: number) => ({ kind: "sum", roundings }) as const;
const largest = (share: number) => ({ kind: "largest", share }) as const;

export const accuracy: { readonly [P in ComputedOp]: Accuracy } = {
  // WGSL: correctly rounded is one of the two neighbours; a quotient is right to 2.5, a root to 1 / inverseSqrt.
  add: ulp(1),
  sub: ulp(1),
  mul: ulp(1),
  div: ulp(2.5),
  sqrt: ulp(4.5),
  pow: ulp(16),
  remainder: ulp(1),
  maximum: exact,
  minimum: exact,
  eq: exact,
  ne: exact,
  gt: exact,
  ge: exact,
  lt: exact,
  le: exact,
  where: exact,
  neg: exact,
  abs: exact,
  sign: exact,
  floor: exact,
  ceil: exact,
  round: exact,
  trunc: exact,
  relu: exact,
  clamp: exact,
  cast: ulp(1),
  // Polynomials of our own on all devices, see backends/elementary-coefficients.ts.
  exp: ulp(2),
  expm1: ulp(2),
  log: ulp(2),
  log1p: ulp(3),
  sin: ulp(3),
  cos: ulp(3),
  tan: ulp(4),
  tanh: ulp(3),
  sigmoid: ulp(3),
  erf: ulp(2),
  tanhBackward: largest(2e-7),
  sigmoidBackward: largest(2e-7),
  reluBackward: exact,

  sum: sum(8),
  mean: sum(8),
  amax: exact,
  amin: exact,
  argmax: exact,
  argmin: exact,
  prod: ulp(40),
  cumsum: sum(8),
  recurrence: sum(24),
  argsort: exact,

  contiguous: exact,
  pad: exact,
  cat: exact,
  gather: exact,
  scatterAdd: sum(16),
  scatter: exact,
  indexSelect: exact,
  indexAdd: sum(16),
  oneHot: exact,

  matmul: sum(16),
  linear: sum(16),
  rnn: largest(2e-6),
  rnnBackward: largest(2e-6),
  gru: largest(2e-6),
  gruBackward: largest(2e-6),
  lstm: largest(2e-6),
  lstmBackward: largest(2e-6),
  normalize: largest(2e-6),
  normalizeBackward: largest(2e-6),

  conv2d: sum(16),
  conv2dInput: sum(16),
  conv2dWeight: sum(16),
  maxPool2d: exact,
  maxPool2dInput: largest(1e-6),
  maxPool2dIndices: exact,
  avgPool2d: sum(8),
  avgPool2dInput: sum(8),
  // Places between pixels are rounded, too, the more the further they are: this is for some dozen pixels.
  bilinear: sum(32),
  bilinearInput: sum(32),

  mseLoss: largest(1e-6),
  mseLossBackward: largest(1e-6),
  softmax: largest(1e-6),
  logSoftmax: largest(1e-6),
  softmaxBackward: largest(1e-6),
  logSoftmaxBackward: largest(1e-6),
  nllLoss: largest(1e-6),
  nllLossBackward: largest(1e-6),
  crossEntropy: largest(1e-6),
  crossEntropyBackward: largest(1e-6),
};
