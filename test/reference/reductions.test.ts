// Products, extrema, counts, statistics and norms against PyTorch.

import type { Tensor } from "#engine";
import { type Run, walkGoldens } from "./walk.ts";

interface Params {
  readonly dim?: number;
  readonly keepdim?: boolean;
  readonly correction?: number;
  readonly p?: string;
}

type Reduction = (this: Tensor, dim?: number, options?: Params) => Tensor;
type Picking = { (this: Tensor): Tensor; (this: Tensor, dim: number, options?: Params): { readonly values: Tensor } };

const over =
  (name: "prod" | "amax" | "amin" | "argmin" | "any" | "all" | "countNonzero" | "var" | "std"): Run<Params> =>
  ([x], { dim, ...options }) =>
    (x![name] as Reduction).call(x!, dim, options);
const picking =
  (name: "min" | "median"): Run<Params> =>
  ([x], { dim, ...options }) =>
    dim === undefined ? x![name]() : (x![name] as Picking).call(x!, dim, options).values;

const functions: Readonly<Record<string, Run<Params>>> = {
  prod: over("prod"),
  amax: over("amax"),
  amin: over("amin"),
  argmin: over("argmin"),
  any: over("any"),
  all: over("all"),
  countNonzero: over("countNonzero"),
  variance: over("var"),
  std: over("std"),
  min: picking("min"),
  median: picking("median"),
  norm: ([x], { p = "2", dim, ...options }) => x!.norm(Number(p.replace("inf", "Infinity")), dim, options),
  logsumexp: ([x], { dim, ...options }) => x!.logsumexp(dim!, options),
};

walkGoldens("reductions", functions);
