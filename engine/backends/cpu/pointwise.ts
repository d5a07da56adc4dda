// CPU kernels, element by element. Every row writes its own loop: a loop that calls a function per element runs several
// times slower once V8 has seen many functions. Operands of two-sided ops broadcast through strides of 0.

import type { TypedArray } from "../../core/dtype.ts";
import { ArgumentError } from "../../core/errors.ts";
import type { KernelTable, Operand } from "../backend.ts";
import { eachRun } from "./runs.ts";

/** y[i] = f(x[i]) */
type UnaryLoop = (x: TypedArray, y: TypedArray) => void;

/** y[iy + i] = f(a[ia + i·sa], b[ib + i·sb]) for i < n, with strides sa and sb. */
type BinaryLoop = (
  n: number,
  a: TypedArray,
  ia: number,
  sa: number,
  b: TypedArray,
  ib: number,
  sb: number,
  y: TypedArray,
  iy: number,
) => void;

type CpuOperand = Operand<TypedArray>;

const unary = (loop: UnaryLoop) => {
  return ([x]: readonly [CpuOperand], y: CpuOperand): void => loop(x.buffer, y.buffer);
};

const binary = (loop: BinaryLoop) => {
  return ([a, b]: readonly [CpuOperand, CpuOperand], y: CpuOperand): void => {
    eachRun(y.shape, [a, b], (n, iy, [ia, ib], [sa, sb]) => {
      loop(n, a.buffer, ia!, sa!, b.buffer, ib!, sb!, y.buffer, iy);
    });
  };
};

/** y[i] = f(grad[i], output[i]) */
const backward = (loop: (grad: TypedArray, output: TypedArray, y: TypedArray) => void) => {
  return ([grad, output]: readonly [CpuOperand, CpuOperand], y: CpuOperand): void =>
    loop(grad.buffer, output.buffer, y.buffer);
};

export const pointwiseKernels = {
  add: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! + b[ib + i * sb]!;
  }),
  sub: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! - b[ib + i * sb]!;
  }),
  mul: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! * b[ib + i * sb]!;
  }),
  div: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! / b[ib + i * sb]!;
  }),
  pow: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = power(a[ia + i * sa]!, b[ib + i * sb]!);
  }),
  maximum: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = Math.max(a[ia + i * sa]!, b[ib + i * sb]!);
  }),
  minimum: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = Math.min(a[ia + i * sa]!, b[ib + i * sb]!);
  }),
  remainder: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = remainder(a[ia + i * sa]!, b[ib + i * sb]!, y);
  }),
  eq: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! === b[ib + i * sb]! ? 1 : 0;
  }),
  ne: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! !== b[ib + i * sb]! ? 1 : 0;
  }),
  gt: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! > b[ib + i * sb]! ? 1 : 0;
  }),
  ge: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! >= b[ib + i * sb]! ? 1 : 0;
  }),
  lt: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! < b[ib + i * sb]! ? 1 : 0;
  }),
  le: binary((n, a, ia, sa, b, ib, sb, y, iy) => {
    for (let i = 0; i < n; i++) y[iy + i] = a[ia + i * sa]! <= b[ib + i * sb]! ? 1 : 0;
  }),
  where: ([condition, a, b], y) => {
    eachRun(y.shape, [condition, a, b], (n, iy, [ic, ia, ib], [sc, sa, sb]) => {
      for (let i = 0; i < n; i++) {
        y.buffer[iy + i] = condition.buffer[ic! + i * sc!] ? a.buffer[ia! + i * sa!]! : b.buffer[ib! + i * sb!]!;
      }
    });
  },
  neg: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = -x[i]!;
  }),
  exp: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]!);
  }),
  log: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.log(x[i]!);
  }),
  sqrt: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.sqrt(x[i]!);
  }),
  abs: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.abs(x[i]!);
  }),
  tanh: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]!);
  }),
  sigmoid: unary((x, y) => {
    for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-x[i]!));
  }),
  tanhBackward: backward((grad, output, y) => {
    for (let i = 0; i < y.length; i++) y[i] = grad[i]! * (1 - output[i]! * output[i]!);
  }),
  sigmoidBackward: backward((grad, output, y) => {
    for (let i = 0; i < y.length; i++) y[i] = grad[i]! * output[i]! * (1 - output[i]!);
  }),
  reluBackward: backward((grad, output, y) => {
    for (let i = 0; i < y.length; i++) y[i] = output[i]! > 0 ? grad[i]! : 0;
  }),
  relu: unary((x, y) => {
    for (let i = 0; i < y.length; i++) {
      const value = x[i]!;
      y[i] = Math.max(value, 0);
    }
  }),
  clamp: ([x], y, { min, max }) => {
    for (let i = 0; i < y.buffer.length; i++) y.buffer[i] = Math.min(Math.max(x.buffer[i]!, min), max);
  },
  cast: ([x], y, { dtype }) => {
    if (dtype !== "bool") return y.buffer.set(x.buffer);
    for (let i = 0; i < y.buffer.length; i++) y.buffer[i] = x.buffer[i] === 0 ? 0 : 1;
  },
} satisfies Partial<KernelTable<TypedArray>>;

/** The rows above that walk their operands in runs, whatever the layout. */
export const broadcastingOps = [
  "add",
  "sub",
  "mul",
  "div",
  "pow",
  "maximum",
  "minimum",
  "remainder",
  "eq",
  "ne",
  "gt",
  "ge",
  "lt",
  "le",
  "where",
] as const;

/** C's pow: unlike `**`, 1 to the power of anything is 1. */
function power(base: number, exponent: number): number {
  if (exponent === 2) return base * base;
  return base === 1 ? 1 : base ** exponent;
}

/** With the sign of the divisor, where `%` takes that of the dividend. */
function remainder(dividend: number, divisor: number, output: TypedArray): number {
  if (divisor === 0 && output instanceof Int32Array) {
    const hint = 'Fractions give NaN instead: .to("float32").';
    throw new ArgumentError("remainder", "an integer cannot be divided by 0", hint);
  }
  const rest = dividend % divisor;
  return rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest;
}
