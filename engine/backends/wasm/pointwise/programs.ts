// The programs of single ops, as ops/table.ts names them. Undefined where there is none: those ops stay with the plain backend.

import type { DType } from "../../../core/dtype.ts";
import type { OpName, Params } from "../../../ops/table.ts";
import { type LaneOpName, laneOps, resultOf } from "./lane-ops.ts";
import { type Append, type Program, programOf, type Term } from "./program.ts";

/** Ops of the table that are one op of lanes, with the same operands and no parameters. */
type PlainOp = Extract<OpName, LaneOpName>;

const isPlain = (op: OpName): op is PlainOp => op in laneOps && op !== "clamp";

/** The program of an op that has no parameters, for operands of these dtypes. */
export function programFor(op: OpName, operands: readonly DType[]): Program | undefined {
  if (!isPlain(op) || resultOf(op, operands) === undefined) return undefined;
  return programOf(operands, (append, terms) => append(op, terms));
}

/** The elements as they are: what copies any layout. */
export function copyProgram(dtype: DType): Program {
  return programOf([dtype], () => {});
}

const casts: Record<DType, Record<DType, LaneOpName | undefined>> = {
  float32: { float32: undefined, int32: "toInt32", bool: "toBool" },
  int32: { float32: "toFloat32", int32: undefined, bool: "toBool" },
  bool: { float32: "oneWhere", int32: "countWhere", bool: undefined },
};

export function castProgram(from: DType, to: DType): Program {
  const op = casts[from][to];
  return programOf([from], (append, terms) => op === undefined || append(op, terms));
}

export function clampProgram(dtype: "float32" | "int32", { min, max }: Params<"clamp">): Program {
  return programOf([dtype], (append, terms) => append("clamp", terms, min, max));
}

type Power = (append: Append, x: Term) => void;

/** Exponents whose powers are a few products, quotients and roots. */
const powers: ReadonlyMap<number, Power> = new Map<number, Power>([
  [0.5, (append, x) => append("sqrt", [x])],
  [1, () => {}],
  [2, (append, x) => append("mul", [x, x])],
  [3, (append, x) => append("mul", [append("mul", [x, x]), x])],
  [-0.5, (append, x) => inverse(append, append("sqrt", [x]))],
  [-1, (append, x) => inverse(append, x)],
  [-2, (append, x) => inverse(append, append("mul", [x, x]))],
]);

/** x to a power that is known; undefined where it needs a logarithm. */
export function powerProgram(exponent: number): Program | undefined {
  const power = powers.get(exponent);
  return power && programOf(["float32"], (append, [x]) => power(append, x!));
}

function inverse(append: Append, x: Term): Term {
  return append("div", [append("constant", [], 1), x]);
}
