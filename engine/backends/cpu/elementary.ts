// CPU kernels of elementary functions of one operand: rounding, logarithms of 1 + x, trigonometry, the error function. As
// in pointwise.ts, every row writes its own loop.

import type { TypedArray } from "../../core/dtype.ts";
import type { KernelTable, Operand } from "../backend.ts";

type Loop = (x: TypedArray, y: TypedArray) => void;

const unary = (loop: Loop) => {
  return ([x]: readonly [Operand<TypedArray>], y: Operand<TypedArray>): void => loop(x.buffer, y.buffer);
};

export const elementaryKernels = {
  // A NaN has the sign 0, as in torch.
  sign: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = x[i]! > 0 ? 1 : x[i]! < 0 ? -1 : 0;
  }),
  floor: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.floor(x[i]!);
  }),
  ceil: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.ceil(x[i]!);
  }),
  round: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = roundHalfToEven(x[i]!);
  }),
  trunc: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.trunc(x[i]!);
  }),
  log1p: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.log1p(x[i]!);
  }),
  expm1: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.expm1(x[i]!);
  }),
  sin: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.sin(x[i]!);
  }),
  cos: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.cos(x[i]!);
  }),
  tan: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.tan(x[i]!);
  }),
  erf: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = erf(x[i]!);
  }),
} satisfies Partial<KernelTable<TypedArray>>;

function roundHalfToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : Math.ceil(x);
}

/**
 * The error function by the series erf x = 2/√π · e^(-x²) · Σ 2ᵏ x²ᵏ⁺¹ / (1 · 3 · … · (2k + 1)), whose terms are all of one
 * sign. From 4 on it is 1 in float32. M. Abramowitz, I. Stegun, Handbook of Mathematical Functions, 7.1.6.
 */
function erf(x: number): number {
  if (Math.abs(x) >= 4) return Math.sign(x);
  const square = x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-10 * Math.abs(sum); odd += 2) {
    term *= (2 * square) / odd;
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
}
