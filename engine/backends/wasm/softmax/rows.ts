// Generates softmax, its logarithm and their gradients along rows of neighbours, and the cross-entropy of rows of logits. The
// largest logit is subtracted first, so that no exponential overflows. Other dimensions: columns.ts.

import {
  extractLane,
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  nmadd,
  select,
  splat,
  toValue,
  type Value,
} from "../assembler/index.ts";
import { exp, log } from "../math/index.ts";
import { largestOf, sumOf, type Vector, walk } from "../reduction/line.ts";

export type SoftmaxOp = "softmax" | "logSoftmax" | "softmaxGradient" | "logSoftmaxGradient";

/** A row: where it starts in what is read (x; or y, then its gradient) and written. */
interface Row {
  readonly f: FunctionBuilder;
  readonly length: Value<"i32">;
  readonly x: Value<"i32">;
  readonly grad: Value<"i32">;
  readonly y: Value<"i32">;
}

const one = toValue("i32", 1);

/** Whether an op reads a gradient beside its output's values. */
export function isGradient(op: SoftmaxOp): boolean {
  return op === "softmaxGradient" || op === "logSoftmaxGradient";
}

/** The exported function: (rows, length, x, result), for gradients (rows, length, output, gradient, result). */
export function defineSoftmaxRows(module: ModuleBuilder, name: string, op: SoftmaxOp): void {
  const names = isGradient(op) ? (["x", "grad", "y"] as const) : (["x", "y"] as const);
  module.export(name, integers("rows", "length", ...names), (f, p) => {
    const { x, y, grad = p.x } = p as typeof p & { readonly grad?: Local<"i32"> };
    const bytes = f.local("i32", p.length.shl(2));
    f.whileTrue(
      () => p.rows.gt(0),
      () => {
        emitters[op]({ f, length: p.length, x, grad, y });
        for (const place of isGradient(op) ? [x, grad, y] : [x, y]) place.increase(bytes);
        p.rows.increase(-1);
      },
    );
  });
}

const emitters: Record<SoftmaxOp, (row: Row) => void> = {
  softmax: (row) => scale(row, inverse(row.f, exponentials(row).sum)),
  logSoftmax: (row) => {
    const { f, length, x, y } = row;
    // The exponentials go to y only because V8 makes 256-bit operations of what is stored.
    const { sum, largest } = exponentials(row);
    const shift = f.local("f32x4", log(splat("f32x4", sum), f));
    walk(f, { length, inputs: [x], outputs: [y], body: ([e]) => ({ stores: [e!.sub(largest).sub(shift)] }) });
  },
  softmaxGradient: ({ f, length, x, grad, y }) => {
    const total = sumOf(f);
    total.clear();
    walk(f, { length, inputs: [x, grad], totals: [total], body: ([a, g]) => ({ terms: [a!.mul(g!)] }) });
    const dot = f.local("f32x4", splat("f32x4", total.all(one)));
    const body = ([a, g]: readonly Vector[]) => ({ stores: [a!.mul(g!.sub(dot))] });
    walk(f, { length, inputs: [x, grad], outputs: [y], body });
  },
  logSoftmaxGradient: ({ f, length, x, grad, y }) => {
    const total = sumOf(f);
    total.clear();
    walk(f, { length, inputs: [grad], totals: [total], body: ([g]) => ({ terms: [g!] }) });
    const sum = f.local("f32x4", splat("f32x4", total.all(one)));
    const body = ([a, g]: readonly Vector[]) => ({ stores: [nmadd(exp(a!, f), sum, g!)] });
    walk(f, { length, inputs: [x, grad], outputs: [y], body });
  },
};

/** y = exp(x - largest) */
function exponentials({ f, length, x, y }: Row): { largest: Vector; sum: Local<"f32"> } {
  const largest = largestOf(f, x, length);
  const total = sumOf(f);
  total.clear();
  const body = ([element]: readonly Vector[]) => {
    const power = f.local("f32x4", exp(f.local("f32x4", element!.sub(largest)), f));
    return { stores: [power], terms: [power] };
  };
  walk(f, { length, inputs: [x], outputs: [y], totals: [total], body });
  return { largest, sum: f.local("f32", total.all(one)) };
}

function inverse(f: FunctionBuilder, sum: Value<"f32">): Vector {
  return f.local("f32x4", splat("f32x4", toValue("f32", 1).div(sum)));
}

/** y = y · factor */
function scale({ f, length, y }: Row, factor: Vector): void {
  walk(f, { length, inputs: [y], outputs: [y], body: ([power]) => ({ stores: [power!.mul(factor)] }) });
}

/**
 * The exported function: for rows of logits, their softmax, and the loss of each: the negative logarithm of the target's
 * probability; 0 where the target is `ignore`, NaN where there is no such class.
 */
export type CrossEntropy = (
  rows: number,
  classes: number,
  logits: number,
  targets: number,
  ignore: number,
  losses: number,
  probabilities: number,
) => void;

export function defineCrossEntropy(module: ModuleBuilder, name: string): void {
  const parameters = integers("rows", "length", "x", "targets", "ignore", "losses", "y");
  module.export(name, parameters, (f, { rows, length, x, targets, ignore, losses, y }) => {
    const target = f.local("i32");
    const [loss, logit] = [f.local("f32"), f.local("f32")];
    const bytes = f.local("i32", length.shl(2));
    f.whileTrue(
      () => rows.gt(0),
      () => {
        const row = { f, length, x, grad: x, y };
        const { largest, sum } = exponentials(row);
        scale(row, inverse(f, sum));
        target.set(load("i32", targets));
        loss.set(Number.NaN);
        f.if(target.ltUnsigned(length), () => {
          logit.set(load("f32", x.add(target.shl(2))));
          loss.set(
            extractLane(f.local("f32x4", log(splat("f32x4", sum), f)), 0).sub(logit.sub(extractLane(largest, 0))),
          );
        });
        f.store(losses, select(target.eq(ignore), f.local("f32", 0), loss));
        for (const place of [x, y]) place.increase(bytes);
        for (const place of [targets, losses]) place.increase(4);
        rows.increase(-1);
      },
    );
  });
}

/**
 * The exported function: the logits' gradient, scale · (probabilities - one-hot), 0 in rows whose target is `ignore`. The
 * scales, gradients of the losses, are `scaleBytes` apart: 0 for one scale, 4 for one of each row.
 */
export type CrossEntropyGradient = (
  rows: number,
  classes: number,
  probabilities: number,
  targets: number,
  ignore: number,
  scales: number,
  scaleBytes: number,
  result: number,
) => void;

export function defineCrossEntropyGradient(module: ModuleBuilder, name: string): void {
  const parameters = integers("rows", "length", "x", "targets", "ignore", "scales", "scaleBytes", "y");
  module.export(name, parameters, (f, { rows, length, x, targets, ignore, scales, scaleBytes, y }) => {
    const [target, place] = [f.local("i32"), f.local("i32")];
    const scalar = f.local("f32");
    const bytes = f.local("i32", length.shl(2));
    f.whileTrue(
      () => rows.gt(0),
      () => {
        target.set(load("i32", targets));
        scalar.set(load("f32", scales));
        f.if(
          target.eq(ignore),
          () => f.fill(y, 0, bytes),
          () => {
            const factor = f.local("f32x4", splat("f32x4", scalar));
            walk(f, { length, inputs: [x], outputs: [y], body: ([p]) => ({ stores: [p!.mul(factor)] }) });
            f.if(target.ltUnsigned(length), () => {
              place.set(y.add(target.shl(2)));
              f.store(place, load("f32", place).sub(scalar));
            });
          },
        );
        for (const start of [x, y]) start.increase(bytes);
        targets.increase(4);
        scales.increase(scaleBytes);
        rows.increase(-1);
      },
    );
  });
}
