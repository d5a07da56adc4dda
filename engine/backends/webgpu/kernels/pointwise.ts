// Ops that compute every element by itself. One kernel for each op, dtype and number of dimensions; operands broadcast and may
// have any layout. What an op does to an element is an expression of WGSL in a, b and c.

import type { DType } from "../../../core/dtype.ts";
import { ArgumentError } from "../../../core/errors.ts";
import type { ComputedOp, KernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { elementType } from "../shader/element-type.ts";
import type { ElementType } from "../shader/shader.ts";
import { coordinates, distance, walk } from "../shader/walk.ts";

/** What the op is for operands of each dtype; inference lets no others come here. */
type Expressions = Partial<Readonly<Record<DType, string>>>;

const float = (float32: string): Expressions => ({ float32 });
const number = (expression: string): Expressions => ({ float32: expression, int32: expression });

/** A comparison, as a bool; with a NaN it is false. */
const comparison = (operator: string): Expressions => {
  const whole = `u32(a ${operator} b)`;
  return { float32: `u32(a ${operator} b && !anyNan(a, b))`, int32: whole, bool: whole };
};

const unary = {
  neg: number("-a"),
  exp: float("expOf(a)"),
  log: float("logOf(a)"),
  sqrt: float("sqrt(a)"),
  abs: { float32: "bitcast<f32>(bitcast<u32>(a) & 0x7fffffffu)", int32: "abs(a)" },
  sign: { float32: "signOf(a)", int32: "sign(a)" },
  floor: { float32: "floor(a)", int32: "a" },
  ceil: { float32: "ceil(a)", int32: "a" },
  round: { float32: "round(a)", int32: "a" },
  trunc: { float32: "trunc(a)", int32: "a" },
  log1p: float("log1pOf(a)"),
  expm1: float("expm1Of(a)"),
  sin: float("sinOf(a)"),
  cos: float("cosOf(a)"),
  tan: float("tanOf(a)"),
  erf: float("erfOf(a)"),
  tanh: float("tanhOf(a)"),
  sigmoid: float("sigmoidOf(a)"),
  relu: { float32: "largerOf(a, 0.0)", int32: "max(a, 0)" },
} as const satisfies Partial<Record<ComputedOp, Expressions>>;

const binary = {
  add: number("a + b"),
  sub: number("a - b"),
  mul: number("a * b"),
  div: float("a / b"),
  pow: { float32: "powOf(a, b)", int32: "integerPowOf(a, b)" },
  maximum: { float32: "largerOf(a, b)", int32: "max(a, b)", bool: "max(a, b)" },
  minimum: { float32: "smallerOf(a, b)", int32: "min(a, b)", bool: "min(a, b)" },
  eq: comparison("=="),
  ne: { float32: "u32(a != b || anyNan(a, b))", int32: "u32(a != b)", bool: "u32(a != b)" },
  gt: comparison(">"),
  ge: comparison(">="),
  lt: comparison("<"),
  le: comparison("<="),
  tanhBackward: float("a * (1.0 - b * b)"),
  sigmoidBackward: float("a * b * (1.0 - b)"),
  reluBackward: { float32: "select(0.0, a, b > 0.0)", int32: "select(0, a, b > 0)" },
} as const satisfies Partial<Record<ComputedOp, Expressions>>;

/** What is written for `from`, where `to` is another dtype. */
const casts: Readonly<Record<DType, Expressions>> = {
  float32: { float32: "a", int32: "f32(a)", bool: "f32(a)" },
  int32: { float32: "integerOf(a)", int32: "a", bool: "i32(a)" },
  bool: { float32: "u32((bitcast<u32>(a) & 0x7fffffffu) != 0u)", int32: "u32(a != 0)", bool: "a" },
};

export const stridedPointwise = [
  ...(Object.keys(unary) as (keyof typeof unary)[]),
  ...(Object.keys(binary) as (keyof typeof binary)[]),
  "remainder",
  "where",
  "clamp",
  "cast",
] as const satisfies readonly ComputedOp[];

export const pointwiseKernels = (gpu: Gpu) => {
  const one = (op: keyof typeof unary) => {
    return ([x]: readonly [GpuOperand], y: GpuOperand) => compute(gpu, op, expressionOf(unary[op], x), [x], y);
  };
  const two = (op: keyof typeof binary) => {
    return ([a, b]: readonly [GpuOperand, GpuOperand], y: GpuOperand) =>
      compute(gpu, op, expressionOf(binary[op], a), [a, b], y);
  };
  return {
    ...(mapKeys(unary, one) as { readonly [P in keyof typeof unary]: ReturnType<typeof one> }),
    ...(mapKeys(binary, two) as { readonly [P in keyof typeof binary]: ReturnType<typeof two> }),
    remainder: ([a, b], y) => {
      if (a.dtype === "float32") return compute(gpu, "remainder", "remainderOf(a, b)", [a, b], y);
      compute(gpu, "remainder", "integerRemainderOf(a, b)", [a, b], y, { faultIf: "b == 0", toError: divisionByZero });
    },
    // Whatever the elements are, they are moved as words.
    where: ([condition, a, b], y) =>
      compute(gpu, "where", "select(c, b, a != 0u)", [condition, a, b].map(asWords), asWords(y)),
    clamp: ([x], y, { min, max }) => {
      if (x.dtype === "float32") {
        const expression = "smallerOf(largerOf(a, u.low), u.high)";
        compute(gpu, "clamp", expression, [x], y, { bounds: [min, max] });
      } else {
        compute(gpu, "clamp", "min(max(a, u.low), u.high)", [x], y, { bounds: [toInt32(min), toInt32(max)] });
      }
    },
    cast: ([x], y, { dtype }) => compute(gpu, `cast to ${dtype}`, expressionOf(casts[dtype], x), [x], y),
  } satisfies Partial<KernelTable<GpuBuffer>>;
};

interface Extras {
  /** The uniforms `low` and `high`, of the operand's dtype. */
  readonly bounds?: readonly [low: number, high: number];
  /** A condition in a and b under which there is no result, and what to say then. */
  readonly faultIf?: string;
  readonly toError?: () => ArgumentError;
}

const names = ["a", "b", "c"] as const;

/** y = `expression` of the operands' elements a, b and c. Without extras, perhaps together with the ops after it. */
function compute(
  gpu: Gpu,
  op: string,
  expression: string,
  operands: readonly GpuOperand[],
  y: GpuOperand,
  extras?: Extras,
): void {
  const alone = () => computeAlone(gpu, op, expression, operands, y, extras);
  if (extras === undefined) gpu.elementwise({ op, expression, operands, y, alone });
  else alone();
}

function computeAlone(
  gpu: Gpu,
  op: string,
  expression: string,
  operands: readonly GpuOperand[],
  y: GpuOperand,
  { bounds, faultIf, toError }: Extras = {},
): void {
  const { count, rank, sizes, offsets, strides } = walk(y.shape, operands);
  const types = operands.map(({ dtype }) => elementType(dtype));
  const own = names.slice(0, operands.length);
  const shader = gpu.shader(`${op}/${types.join()}/${rank}`, () => ({
    reads: Object.fromEntries(own.map((name, i) => [`${name}Values`, types[i]!])) as Record<string, ElementType>,
    writes: { y: elementType(y.dtype) },
    uniforms: {
      count: "u32",
      yOffset: "u32",
      sizes: ["u32", rank],
      offsets: ["i32", operands.length],
      strides: ["i32", operands.length * rank],
      ...(bounds && { low: types[0] as "f32" | "i32", high: types[0] as "f32" | "i32" }),
    } as const,
    faults: faultIf !== undefined,
    main: `
  if (index >= u.count) { return; }
  ${coordinates(rank)}
  ${own.map((name, i) => `let ${name} = ${name}Values[u.offsets${i} + ${distance("strides", rank, "c", i * rank)}];`).join("\n  ")}
  ${faultIf === undefined ? "" : `if (${faultIf}) { fault(0); }`}
  y[u.yOffset + index] = ${expression};`,
  }));
  const buffers = { y: y.buffer } as Record<string, GpuBuffer>;
  for (const [i, name] of own.entries()) buffers[`${name}Values`] = operands[i]!.buffer;
  const uniforms = {
    count,
    yOffset: y.offset,
    sizes,
    offsets,
    strides: strides.flat(),
    low: bounds?.[0],
    high: bounds?.[1],
  };
  const groups = gpu.linear(count);
  if (toError === undefined) gpu.dispatch(shader, buffers as never, uniforms as never, groups);
  else gpu.dispatchWatched(shader as never, buffers as never, uniforms as never, groups, toError);
}

function expressionOf(expressions: Expressions, { dtype }: GpuOperand): string {
  const expression = expressions[dtype];
  if (expression === undefined) throw new TypeError(`there is no such kernel for ${dtype}`);
  return expression;
}

function mapKeys<K extends string, T>(table: Readonly<Record<K, unknown>>, make: (key: K) => T): Record<K, T> {
  return Object.fromEntries((Object.keys(table) as K[]).map((key) => [key, make(key)])) as Record<K, T>;
}

/** The same operand, its elements read as words. */
function asWords(operand: GpuOperand): GpuOperand {
  return { ...operand, dtype: "bool" };
}

function divisionByZero(): ArgumentError {
  return new ArgumentError(
    "remainder",
    "an integer cannot be divided by 0",
    'Fractions give NaN instead: .to("float32").',
  );
}

function toInt32(bound: number): number {
  return Math.min(Math.max(Math.trunc(bound), -(2 ** 31)), 2 ** 31 - 1);
}
