// Inference of the element-by-element ops: operands broadcast from the last dimension on and share a dtype.

import type { DType } from "../../core/dtype.ts";
import { DtypeError, ShapeError } from "../../core/errors.ts";
import { broadcastShapes, type Shape } from "../../core/shape.ts";
import type { Meta, OpName } from "../table.ts";
import { requireFloat } from "./checks.ts";
import type { InferenceTable } from "./inference-table.ts";

type Pairwise = (inputs: readonly [Meta, Meta]) => Meta;
type Unary = (inputs: readonly [Meta]) => Meta;

const arithmetic =
  (op: OpName): Pairwise =>
  ([lhs, rhs]) => ({ shape: broadcast(op, lhs, rhs), dtype: numeric(op, lhs.dtype) });

const comparison =
  (op: OpName): Pairwise =>
  ([lhs, rhs]) => ({ shape: broadcast(op, lhs, rhs), dtype: "bool" });

const fractional =
  (op: OpName): Unary =>
  ([x]) => {
    requireFloat(op, x);
    return { shape: x.shape, dtype: x.dtype };
  };

const signed =
  (op: OpName): Unary =>
  ([x]) => ({ shape: x.shape, dtype: numeric(op, x.dtype) });

/** Of gradient rules only, which give what fits. */
const alike: Pairwise = ([grad]) => grad;

export const pointwiseInference = {
  add: arithmetic("add"),
  sub: arithmetic("sub"),
  mul: arithmetic("mul"),
  div: ([lhs, rhs]) => {
    requireFloat("div", lhs);
    return { shape: broadcast("div", lhs, rhs), dtype: "float32" };
  },
  pow: arithmetic("pow"),
  maximum: arithmetic("maximum"),
  minimum: arithmetic("minimum"),
  remainder: arithmetic("remainder"),
  eq: comparison("eq"),
  ne: comparison("ne"),
  gt: comparison("gt"),
  ge: comparison("ge"),
  lt: comparison("lt"),
  le: comparison("le"),
  where: ([condition, a, b]) => {
    if (condition.dtype !== "bool") {
      const hint = "Make one with a comparison: x.gt(0).";
      throw new DtypeError("where", `the condition must be bool, got ${condition.dtype}`, [condition.dtype], hint);
    }
    const shape = broadcast("where", a, b);
    return { shape: broadcast("where", condition, { shape, dtype: a.dtype }), dtype: a.dtype };
  },
  neg: signed("neg"),
  exp: fractional("exp"),
  log: fractional("log"),
  sqrt: fractional("sqrt"),
  abs: signed("abs"),
  sign: signed("sign"),
  floor: signed("floor"),
  ceil: signed("ceil"),
  round: signed("round"),
  trunc: signed("trunc"),
  log1p: fractional("log1p"),
  expm1: fractional("expm1"),
  sin: fractional("sin"),
  cos: fractional("cos"),
  tan: fractional("tan"),
  erf: fractional("erf"),
  tanh: fractional("tanh"),
  sigmoid: fractional("sigmoid"),
  relu: signed("relu"),
  tanhBackward: alike,
  sigmoidBackward: alike,
  reluBackward: alike,
  clamp: signed("clamp"),
  cast: ([x], { dtype }) => ({ shape: x.shape, dtype }),
} satisfies Partial<InferenceTable>;

function numeric(op: OpName, dtype: DType): DType {
  if (dtype !== "bool") return dtype;
  throw new DtypeError(op, "does not work on bool", [dtype], 'Convert with .to("int32") or .to("float32").');
}

function broadcast(op: OpName, lhs: Meta, rhs: Meta): Shape {
  const shape = broadcastShapes(lhs.shape, rhs.shape);
  if (shape !== undefined) return shape;
  throw ShapeError.of(
    op,
    "shapes do not broadcast",
    { lhs: lhs.shape, rhs: rhs.shape },
    "Aligned at the last dimension, sizes must be equal or 1; reshape or unsqueeze one operand.",
  );
}
