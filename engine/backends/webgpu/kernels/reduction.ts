// Sums, means, extrema, products, and where extrema are. All are folds, see fold.ts, and read any layout.

import type { DType } from "../../../core/dtype.ts";
import type { ReduceDimParams, ReduceParams } from "../../../ops/table.ts";
import type { KernelTable } from "../../backend.ts";
import type { Gpu } from "../gpu.ts";
import type { GpuBuffer, GpuOperand } from "../memory/gpu-buffer.ts";
import { type Fold, foldAlong } from "./fold.ts";
import { fillElements } from "./movement.ts";

export const stridedReductions = ["sum", "mean", "amax", "amin", "argmax", "argmin", "prod"] as const;

export const reductionKernels = (gpu: Gpu) => {
  const along = (op: string, x: GpuOperand, dims: readonly number[], y: GpuOperand, ofNothing: number) => {
    if (dims.some((dim) => x.shape[dim] === 0)) fillElements(gpu, y, ofNothing);
    else foldAlong(gpu, folds[op]!(x.dtype), x, dims, y);
  };
  const many =
    (op: string, ofNothing: number) =>
    ([x]: readonly [GpuOperand], y: GpuOperand, { dims }: ReduceParams) =>
      along(op, x, dims, y, ofNothing);
  const one =
    (op: string, ofNothing: number) =>
    ([x]: readonly [GpuOperand], y: GpuOperand, { dim }: ReduceDimParams) =>
      // A scalar has one line of one element.
      along(op, x, x.shape.length === 0 ? [] : [dim], y, ofNothing);
  return {
    sum: many("sum", 0),
    mean: many("mean", Number.NaN),
    // Inference refuses extrema of nothing.
    amax: many("amax", 0),
    amin: many("amin", 0),
    argmax: one("argmax", 0),
    argmin: one("argmin", 0),
    prod: one("prod", 1),
  } satisfies Partial<KernelTable<GpuBuffer>>;
};

/** The fold of sums, and that of means. */
export const sumOf = (dtype: DType): Fold => sum(dtype, "sum", "s.v0");
export const meanOf = (dtype: DType): Fold => sum(dtype, "mean", "s.v0 / u.total");

const folds: Readonly<Record<string, (dtype: DType) => Fold>> = {
  sum: sumOf,
  mean: meanOf,
  amax: (dtype) => extremum(dtype, "amax"),
  amin: (dtype) => extremum(dtype, "amin"),
  argmax: (dtype) => position(dtype, "argmax", ">"),
  argmin: (dtype) => position(dtype, "argmin", "<"),
  prod: (dtype) => ({
    key: `prod ${dtype}`,
    parts: [counting(dtype)],
    start: dtype === "float32" ? "State(1.0)" : "State(1)",
    load: dtype === "bool" ? "State(i32(x))" : "State(x)",
    combine: "return State(a.v0 * b.v0);",
    ofSubgroup: "State(subgroupMul(s.v0))",
    result: "s.v0",
  }),
};

/** Bools are counted as integers. */
function counting(dtype: DType): DType {
  return dtype === "bool" ? "int32" : dtype;
}

function sum(dtype: DType, op: string, result: string): Fold {
  return {
    key: `${op} ${dtype}`,
    parts: [counting(dtype)],
    start: dtype === "float32" ? "State(0.0)" : "State(0)",
    load: dtype === "bool" ? "State(i32(x))" : "State(x)",
    combine: "return State(a.v0 + b.v0);",
    ofSubgroup: "State(subgroupAdd(s.v0))",
    result,
  };
}

function extremum(dtype: DType, op: "amax" | "amin"): Fold {
  const isLargest = op === "amax";
  const start = {
    float32: isLargest ? "-infinity()" : "infinity()",
    int32: isLargest ? "-2147483647 - 1" : "2147483647",
    bool: isLargest ? "0u" : "1u",
  };
  const choose = dtype === "float32" ? (isLargest ? "largerOf" : "smallerOf") : isLargest ? "max" : "min";
  const ofAll = isLargest ? "subgroupMax" : "subgroupMin";
  const chooseOfSubgroup = dtype === "float32" ? (isLargest ? "largestOfSubgroup" : "smallestOfSubgroup") : ofAll;
  return {
    key: `${op} ${dtype}`,
    parts: [dtype],
    start: `State(${start[dtype]})`,
    load: "State(x)",
    combine: `return State(${choose}(a.v0, b.v0));`,
    ofSubgroup: `State(${chooseOfSubgroup}(s.v0))`,
    result: "s.v0",
  };
}

/** The first of equal elements, and the first NaN before all others. v1 is the place; 2³¹ - 1 where there is none yet. */
function position(dtype: DType, op: string, operator: ">" | "<"): Fold {
  const zero = { float32: "0.0", int32: "0", bool: "0u" };
  const isFloat = dtype === "float32";
  return {
    key: `${op} ${dtype}`,
    parts: [dtype, "int32"],
    start: `State(${zero[dtype]}, 2147483647)`,
    load: "State(x, i32(k))",
    combine: `
  if (a.v1 == 2147483647) { return b; }
  if (b.v1 == 2147483647) { return a; }
  ${isFloat ? "let isNanA = isNan(a.v0); let isNanB = isNan(b.v0); if (isNanA != isNanB) { if (isNanA) { return a; } return b; }" : ""}
  let isTie = a.v0 == b.v0${isFloat ? " || isNanA" : ""};
  if (isTie) { if (a.v1 < b.v1) { return a; } return b; }
  if (a.v0 ${operator} b.v0) { return a; }
  return b;`,
    result: "s.v1",
  };
}
