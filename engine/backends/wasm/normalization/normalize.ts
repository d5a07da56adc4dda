// Generates normalisation of groups and its gradient: a group is some runs of neighbours (a row for layer normalisation, a
// channel's planes for batch normalisation) that have a mean and a deviation in common. Channels whose elements lie
// apart: normalize-columns.ts.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  madd,
  splat,
  toValue,
  type Value,
} from "../assembler/index.ts";
import { type Pass, sumOf, type Vector, walk } from "../reduction/line.ts";

/** What is multiplied and added at the end: nothing, one pair for each group, or one for each element of a run. */
export type Affine = "none" | "group" | "element";

/** The runs of one group, which start alike in all arrays. */
interface Runs {
  readonly f: FunctionBuilder;
  readonly count: Value<"i32">;
  readonly length: Value<"i32">;
  readonly bytes: Value<"i32">;
}

/** `fixed` inputs start where they are at each run. */
function walkRuns({ f, count, length, bytes }: Runs, pass: Omit<Pass, "length">, fixed: readonly Value<"i32">[] = []) {
  const inputs = pass.inputs.map((input) => f.local("i32", input));
  const outputs = (pass.outputs ?? []).map((output) => f.local("i32", output));
  const left = f.local("i32", count);
  f.whileTrue(
    () => left.gt(0),
    () => {
      walk(f, { ...pass, length, inputs: [...inputs, ...fixed], outputs });
      for (const place of [...inputs, ...outputs]) place.increase(bytes);
      left.increase(-1);
    },
  );
}

function totalsOf(f: FunctionBuilder, count: number) {
  return Array.from({ length: count }, () => {
    const total = sumOf(f);
    total.clear();
    return total;
  });
}

function spread(f: FunctionBuilder, value: Value<"f32">): Vector {
  return f.local("f32x4", splat("f32x4", value));
}

/**
 * The exported function: (groups, runs, length, runBytes, groupBytes, eps, x, y, mean, variance, inverse, weight, bias).
 * Writes for each group its mean, the variance of the whole population, and the inverse of the deviation, 1/√(variance + ε);
 * y = (x - mean) · inverse · weight + bias. Weight and bias are not read for `none`.
 */
export function defineNormalize(module: ModuleBuilder, name: string, affine: Affine): void {
  const sizes = integers("groups", "runs", "length", "runBytes", "groupBytes");
  const places = integers("x", "y", "mean", "variance", "inverse", "weight", "bias");
  module.export(name, { ...sizes, eps: "f32", ...places }, (f, p) => {
    const runs: Runs = { f, count: p.runs, length: p.length, bytes: p.runBytes };
    const size = f.local("i32", p.runs.mul(p.length));
    f.whileTrue(
      () => p.groups.gt(0),
      () => {
        const [sum, squares] = totalsOf(f, 2);
        walkRuns(runs, { inputs: [p.x], totals: [sum!], unrolled: 4, body: ([x]) => ({ terms: [x!] }) });
        const mean = f.local("f32", sum!.all(size));
        const centre = spread(f, mean);
        const square = ([x]: readonly Vector[]) => {
          const centred = f.local("f32x4", x!.sub(centre));
          return { terms: [centred.mul(centred)] };
        };
        walkRuns(runs, { inputs: [p.x], totals: [squares!], unrolled: 4, body: square });
        const variance = f.local("f32", squares!.all(size));
        const inverse = f.local("f32", toValue("f32", 1).div(variance.add(p.eps).sqrt()));
        f.store(p.mean, mean);
        f.store(p.variance, variance);
        f.store(p.inverse, inverse);
        const scale = spread(f, affine === "group" ? inverse.mul(load("f32", p.weight)) : inverse);
        const shift = affine === "group" ? spread(f, load("f32", p.bias)) : undefined;
        const body = ([x, weight, bias]: readonly Vector[]) => {
          const normal = x!.sub(centre).mul(scale);
          if (affine === "element") return { stores: [madd(normal, weight!, bias!)] };
          return { stores: [shift === undefined ? normal : normal.add(shift)] };
        };
        const fixed = affine === "element" ? [p.weight, p.bias] : [];
        walkRuns(runs, { inputs: [p.x], outputs: [p.y], body }, fixed);
        for (const place of [p.x, p.y]) place.increase(p.groupBytes);
        advance([p.mean, p.variance, p.inverse], affine === "group" ? [p.weight, p.bias] : []);
        p.groups.increase(-1);
      },
    );
  });
}

/**
 * The exported function: (groups, runs, length, runBytes, groupBytes, x, grad, mean, inverse, weight, gradX, gradWeight,
 * gradBias). With n = (x - mean) · inverse and g = grad · weight: gradX = (g - mean of g - n · mean of g · n) · inverse,
 * and for each group gradWeight = Σ grad · n and gradBias = Σ grad; for `element` see affine-gradient.ts.
 */
export function defineNormalizeGradient(module: ModuleBuilder, name: string, affine: Affine): void {
  const sizes = ["groups", "runs", "length", "runBytes", "groupBytes"] as const;
  const places = ["x", "grad", "mean", "inverse", "weight", "gradX", "gradWeight", "gradBias"] as const;
  module.export(name, integers(...sizes, ...places), (f, p) => {
    const runs: Runs = { f, count: p.runs, length: p.length, bytes: p.runBytes };
    const size = f.local("i32", p.runs.mul(p.length));
    const one = toValue("i32", 1);
    const fixed = affine === "element" ? [p.weight] : [];
    f.whileTrue(
      () => p.groups.gt(0),
      () => {
        const inverse = f.local("f32", load("f32", p.inverse));
        const [centre, scale] = [spread(f, load("f32", p.mean)), spread(f, inverse)];
        const normalOf = (x: Vector) => f.local("f32x4", x.sub(centre).mul(scale));
        const upperOf = (grad: Vector, weight: Vector | undefined) =>
          weight === undefined ? grad : f.local("f32x4", grad.mul(weight));
        const [plain, along] = totalsOf(f, 2);
        const terms = ([x, grad, weight]: readonly Vector[]) => {
          const upper = upperOf(grad!, weight);
          return { terms: [upper, upper.mul(normalOf(x!))] };
        };
        walkRuns(runs, { inputs: [p.x, p.grad], totals: [plain!, along!], body: terms }, fixed);
        if (affine === "group") {
          f.store(p.gradBias, plain!.all(one));
          f.store(p.gradWeight, along!.all(one));
        }
        const [mean, slope] = [spread(f, plain!.all(size)), spread(f, along!.all(size))];
        const factor = spread(f, affine === "group" ? inverse.mul(load("f32", p.weight)) : inverse);
        const body = ([x, grad, weight]: readonly Vector[]) => {
          const rest = upperOf(grad!, weight).sub(mean).sub(normalOf(x!).mul(slope));
          return { stores: [rest.mul(factor)] };
        };
        walkRuns(runs, { inputs: [p.x, p.grad], outputs: [p.gradX], body }, fixed);
        for (const place of [p.x, p.grad, p.gradX]) place.increase(p.groupBytes);
        advance([p.mean, p.inverse], affine === "group" ? [p.weight, p.gradWeight, p.gradBias] : []);
        p.groups.increase(-1);
      },
    );
  });
}

/** To the next group's numbers. */
function advance(...places: readonly (readonly Local<"i32">[])[]): void {
  for (const place of places.flat()) place.increase(4);
}
