// What each elementwise op does to four elements at once. Booleans are masks here, lanes of all ones or all zeros; in memory
// they are bytes. Which dtypes an op takes and gives stands beside it: a program is checked when it is put together.

import type { DType } from "../../../core/dtype.ts";
import { type FunctionBuilder, type Local, nmadd, select, splat, type Value } from "../assembler/index.ts";
import { erf, exp, expm1, log, log1p, sigmoid, tanh } from "../math/index.ts";

export type Lanes = "f32x4" | "i32x4";

type Emit = (operands: readonly Local<Lanes>[], constants: readonly number[], f: FunctionBuilder) => Value<Lanes>;

/** A row: the dtypes of the operands (`any`: all of them the same), of the result, and the code. */
interface LaneOp {
  readonly takes: readonly (DType | "number" | "any")[];
  readonly gives: DType | "same";
  readonly emit: Emit;
}

const float = (emit: (x: Local<"f32x4">, f: FunctionBuilder) => Value<"f32x4">): LaneOp => ({
  takes: ["float32"],
  gives: "same",
  emit: ([x], _, f) => emit(x as Local<"f32x4">, f),
});

const number = (emit: (x: Local<Lanes>) => Value<Lanes>): LaneOp => ({
  takes: ["number"],
  gives: "same",
  emit: ([x]) => emit(x!),
});

const two = (emit: (a: Local<Lanes>, b: Local<Lanes>) => Value<Lanes>): LaneOp => ({
  takes: ["number", "number"],
  gives: "same",
  emit: ([a, b]) => emit(a!, b!),
});

const comparison = (emit: (a: Local<Lanes>, b: Local<Lanes>) => Value<"i32x4">): LaneOp => ({
  takes: ["any", "any"],
  gives: "bool",
  emit: ([a, b]) => emit(a!, b!),
});

const ordering = (emit: (a: Local<Lanes>, b: Local<Lanes>) => Value<"i32x4">): LaneOp => ({
  ...comparison(emit),
  takes: ["number", "number"],
});

/** The bits of a mask that has the number's bits where it holds. */
const oneWhere = <T extends Lanes>(mask: Value<Lanes>, type: T): Value<T> => splat(type, 1).and(mask.as(type));

export const laneOps = {
  add: two((a, b) => a.add(b)),
  sub: two((a, b) => a.sub(b)),
  mul: two((a, b) => a.mul(b)),
  div: { takes: ["float32", "float32"], gives: "same", emit: ([a, b]) => a!.div(b!) },
  maximum: two((a, b) => a.max(b)),
  minimum: two((a, b) => a.min(b)),
  eq: comparison((a, b) => a.eq(b)),
  ne: comparison((a, b) => a.ne(b)),
  gt: ordering((a, b) => a.gt(b)),
  ge: ordering((a, b) => a.ge(b)),
  lt: ordering((a, b) => a.lt(b)),
  le: ordering((a, b) => a.le(b)),
  where: {
    takes: ["bool", "any", "any"],
    gives: "same",
    emit: ([condition, a, b]) => select(condition as Local<"i32x4">, a!, b!),
  },
  neg: number((x) => x.neg()),
  abs: number((x) => x.abs()),
  /** A NaN has the sign 0. */
  sign: number((x) => oneWhere(x.gt(0), x.type).sub(oneWhere(x.lt(0), x.type))),
  sqrt: float((x) => x.sqrt()),
  floor: float((x) => x.floor()),
  ceil: float((x) => x.ceil()),
  round: float((x) => x.nearest()),
  trunc: float((x) => x.trunc()),
  exp: float(exp),
  expm1: float(expm1),
  log: float(log),
  log1p: float(log1p),
  tanh: float(tanh),
  sigmoid: float(sigmoid),
  erf: float(erf),
  relu: { takes: ["number"], gives: "same", emit: ([x]) => (x!.type === "f32x4" ? x!.pmax(0) : x!.max(0)) },
  /** Constants: the bounds. A NaN stays one. */
  clamp: {
    takes: ["number"],
    gives: "same",
    emit: ([x], [min, max]) =>
      x!.type === "f32x4" ? x!.pmax(min!).pmin(max!) : x!.max(toInt32(min!)).min(toInt32(max!)),
  },
  /** 1 - a · b, rounded once where the machine can. */
  oneMinusProduct: {
    takes: ["float32", "float32"],
    gives: "same",
    emit: ([a, b], _, f) => nmadd(a as Local<"f32x4">, b as Local<"f32x4">, f.constant("f32x4", 1)),
  },
  /** The number of `constants`, without an operand. */
  constant: { takes: [], gives: "float32", emit: (_, [value], f) => f.constant("f32x4", value!) },
  toFloat32: { takes: ["int32"], gives: "float32", emit: ([x]) => (x as Local<"i32x4">).to("f32x4") },
  /** Towards zero; a NaN becomes 0. */
  toInt32: { takes: ["float32"], gives: "int32", emit: ([x]) => (x as Local<"f32x4">).to("i32x4") },
  toBool: { takes: ["number"], gives: "bool", emit: ([x]) => x!.ne(0) },
  /** A mask as the number 1 or 0. */
  oneWhere: { takes: ["bool"], gives: "float32", emit: ([mask]) => oneWhere(mask!, "f32x4") },
  /** A mask as the integer 1 or 0. */
  countWhere: { takes: ["bool"], gives: "int32", emit: ([mask]) => oneWhere(mask!, "i32x4") },
} as const satisfies Record<string, LaneOp>;

export type LaneOpName = keyof typeof laneOps;

/** What an op gives for operands of these dtypes; undefined where it does not take them. */
export function resultOf(op: LaneOpName, operands: readonly DType[]): DType | undefined {
  const { takes, gives }: LaneOp = laneOps[op];
  const last = operands.at(-1);
  const fits = takes.every((wanted, i) => {
    const given = operands[i];
    if (wanted === "any") return given === last;
    return wanted === "number" ? given === last && given !== "bool" : given === wanted;
  });
  if (!fits || takes.length !== operands.length) return undefined;
  return gives === "same" ? last : gives;
}

/** How an element of a dtype lies in a vector. */
export function lanesOf(dtype: DType): Lanes {
  return dtype === "float32" ? "f32x4" : "i32x4";
}

function toInt32(bound: number): number {
  return Math.min(Math.max(Math.trunc(bound), -(2 ** 31)), 2 ** 31 - 1);
}
