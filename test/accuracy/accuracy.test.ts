// Every op of the tested backend is as right as engine/ops/accuracy.ts says, on random operands with all edges of float32.
// `LECTERN_CASES` sets how many calls of each op. `LECTERN_ACCURACY=1` prints how much of what is allowed the worst one took.

import { afterAll, describe, expect, it } from "vitest";
import { device, noGrad, type Tensor } from "#engine";
import type { ComputedOp } from "../../engine/backends/backend.ts";
import { toTensor, type Values } from "../../engine/backends/webgpu/against-plain.ts";
import { type Accuracy, accuracy } from "../../engine/ops/accuracy.ts";
import { dispatch } from "../../engine/ops/dispatch.ts";
import type { Inputs, Params } from "../../engine/ops/table.ts";
import { calls } from "./calls.ts";
import { Draw } from "./draw.ts";
import { type Call, type Exact, exactly } from "./oracle.ts";

const cases = Number(process.env.LECTERN_CASES ?? (device() === "webgpu" ? 12 : 60));

/** The smallest number with all its bits: what is below may be 0 on a GPU. */
const smallestNormal = 2 ** -126;
const largestFloat = (2 - 2 ** -23) * 2 ** 127;

/** Of tanh and sigmoid after a sum, in units of their last place. */
const activationUlps = 4;

/** The distance between the float32 numbers around x. */
function ulpOf(x: number): number {
  const size = Math.min(Math.max(Math.abs(x), smallestNormal), largestFloat);
  return 2 ** (Math.floor(Math.log2(size)) - 23);
}

function absolute({ shape, values }: Values): Values {
  return { shape, values: values.map(Math.abs) };
}

/** How far from the exact element each one may be. */
function allowances<P extends ComputedOp>(op: P, call: Call<P>, exact: Exact, own: Accuracy): (i: number) => number {
  switch (own.kind) {
    case "exact":
      return () => 0;
    case "ulp":
      return (i) => own.ulps * ulpOf(exact.values[i]!);
    case "sum": {
      const params = "activation" in call.params ? { ...call.params, activation: "none" } : call.params;
      const sizes = exactly(op, { inputs: call.inputs.map(absolute), params: params as Params<P> }).values;
      const rest = "activation" in call.params ? activationUlps : 0;
      return (i) => own.roundings * 2 ** -24 * sizes[i]! + rest * ulpOf(exact.values[i]!);
    }
    case "largest": {
      const floats = call.inputs.filter(({ values }) => values instanceof Float32Array).map(({ values }) => values);
      const all = [...floats, exact.values].flatMap((values) => Array.from(values, Math.abs)).filter(Number.isFinite);
      const most = Math.max(1, ...all);
      return () => own.share * most;
    }
  }
}

/** The share of what is allowed that an element takes; infinite for a number where there is none, and the other way round. */
function taken(got: number, exact: number, allowed: number): number {
  const right = Math.fround(exact);
  if (got === right || (Number.isNaN(got) && Number.isNaN(right))) return 0;
  if (Number.isNaN(got) || Number.isNaN(exact)) return Number.POSITIVE_INFINITY;
  if (Math.abs(exact) < smallestNormal && Math.abs(got) <= smallestNormal) return 0;
  // Where the allowance reaches beyond float32, so may the result.
  const from = Number.isFinite(got) ? got : Math.sign(got) * largestFloat;
  if (!Number.isFinite(exact)) return Number.POSITIVE_INFINITY;
  if (allowed === 0) return Number.POSITIVE_INFINITY;
  // What is subnormal on the way may be 0, too.
  return Math.abs(from - exact) / Math.max(allowed, smallestNormal);
}

const worst: Record<string, number> = {};

describe(`ops of ${device()} are as right as they say`, () => {
  afterAll(() => {
    if (process.env.LECTERN_ACCURACY === "1") console.table(worst);
  });
  it.each(Object.keys(calls) as ComputedOp[])("%s", (op) => {
    worst[op] = 0;
    for (let seed = 0; seed < cases; seed++) check(op, seed);
  });
});

function check<P extends ComputedOp>(op: P, seed: number): void {
  const call = calls[op](new Draw(seed)) as Call<P>;
  const exact = exactly(op, call);
  const y = noGrad(() => dispatch(op, call.inputs.map(toTensor) as unknown as Inputs<P, Tensor>, call.params));
  expect([y.shape, y.dtype]).toEqual([exact.shape, exact.dtype]);
  const got = y.dataSync();
  const allowed = exact.dtype === "float32" ? allowances(op, call, exact, accuracy[op]) : () => 0;
  for (let i = 0; i < got.length; i++) {
    const share = taken(got[i]!, exact.values[i]!, allowed(i));
    worst[op] = Math.max(worst[op]!, share);
    if (share <= 1) continue;
    const shapes = call.inputs.map(({ shape }) => `[${shape.join(", ")}]`).join(", ");
    const where = `element ${i} of ${op} of ${shapes} with ${JSON.stringify(call.params)}, seed ${seed}`;
    expect.fail(
      `${where}: ${got[i]} instead of ${exact.values[i]}, ${share} times what ${JSON.stringify(accuracy[op])} allows`,
    );
  }
}
