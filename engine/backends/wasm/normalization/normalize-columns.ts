// Generates batch normalisation of rows, N × C, and its gradient: channels stand in the lanes. The arguments and formulas are
// those of normalize.ts for groups of N runs of one element, with weight and bias for each group or without.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  splat,
  toValue,
  type Value,
} from "../assembler/index.ts";
import { gather, storeSome } from "../pointwise/elements.ts";
import { sumOf, type Vector } from "../reduction/line.ts";

/** Rows that are added in float32. */
const block = 32;

/** Four channels, or as many as are left. */
interface Channels {
  readonly f: FunctionBuilder;
  readonly rows: Value<"i32">;
  readonly rowBytes: Value<"i32">;
  readonly load: (place: Local<"i32">) => Vector;
  readonly store: (place: Local<"i32">, value: Value<"f32x4">) => void;
}

/** The exported function: (channels, rows, rowBytes, eps, x, y, mean, variance, inverse, weight, bias). */
export function defineNormalizeColumns(module: ModuleBuilder, name: string, isAffine: boolean): void {
  const places = integers("x", "y", "mean", "variance", "inverse", "weight", "bias");
  module.export(name, { ...integers("channels", "rows", "rowBytes"), eps: "f32", ...places }, (f, p) => {
    const eps = f.local("f32x4", splat("f32x4", p.eps));
    const steps = [p.x, p.y, p.mean, p.variance, p.inverse, ...(isAffine ? [p.weight, p.bias] : [])];
    byFour(f, p.channels, steps, (access) => {
      const channels: Channels = { f, rows: p.rows, rowBytes: p.rowBytes, ...access };
      const { load, store } = channels;
      const [mean] = sums(channels, [p.x], p.rows, ([x]) => [x!]);
      const [variance] = sums(channels, [p.x], p.rows, ([x]) => {
        const centred = f.local("f32x4", x!.sub(mean!));
        return [centred.mul(centred)];
      });
      const inverse = f.local("f32x4", f.constant("f32x4", 1).div(variance!.add(eps).sqrt()));
      store(p.mean, mean!);
      store(p.variance, variance!);
      store(p.inverse, inverse);
      const scale = isAffine ? f.local("f32x4", inverse.mul(load(p.weight))) : inverse;
      const shift = isAffine ? load(p.bias) : undefined;
      eachRow(channels, [p.x, p.y], ([x, y]) => {
        const normal = load(x!).sub(mean!).mul(scale);
        store(y!, shift === undefined ? normal : normal.add(shift));
      });
    });
  });
}

/** The exported function: (channels, rows, rowBytes, x, grad, mean, inverse, weight, gradX, gradWeight, gradBias). */
export function defineNormalizeColumnsGradient(module: ModuleBuilder, name: string, isAffine: boolean): void {
  const places = ["x", "grad", "mean", "inverse", "weight", "gradX", "gradWeight", "gradBias"] as const;
  module.export(name, integers("channels", "rows", "rowBytes", ...places), (f, p) => {
    const affine = isAffine ? [p.weight, p.gradWeight, p.gradBias] : [];
    byFour(f, p.channels, [p.x, p.grad, p.mean, p.inverse, p.gradX, ...affine], (access) => {
      const channels: Channels = { f, rows: p.rows, rowBytes: p.rowBytes, ...access };
      const { load, store } = channels;
      const [centre, scale] = [load(p.mean), load(p.inverse)];
      const normalOf = (x: Vector) => f.local("f32x4", x.sub(centre).mul(scale));
      const one = toValue("i32", 1);
      const [plain, along] = sums(channels, [p.x, p.grad], one, ([x, grad]) => [grad!, grad!.mul(normalOf(x!))]);
      const count = f.local("f32x4", splat("f32x4", p.rows.to("f32")));
      const [mean, slope] = [f.local("f32x4", plain!.div(count)), f.local("f32x4", along!.div(count))];
      if (isAffine) {
        store(p.gradBias, plain!);
        store(p.gradWeight, along!);
      }
      const factor = isAffine ? f.local("f32x4", scale.mul(load(p.weight))) : scale;
      eachRow(channels, [p.x, p.grad, p.gradX], ([x, grad, to]) => {
        const rest = load(grad!)
          .sub(mean)
          .sub(normalOf(load(x!)).mul(slope));
        store(to!, rest.mul(factor));
      });
    });
  });
}

/** Four channels at a time, then those that are left; `places` go along. */
function byFour(
  f: FunctionBuilder,
  channels: Local<"i32">,
  places: readonly Local<"i32">[],
  body: (access: Pick<Channels, "load" | "store">) => void,
): void {
  f.whileTrue(
    () => channels.ge(4),
    () => {
      body({
        load: (place) => f.local("f32x4", load("f32x4", place)),
        store: (place, value) => f.store(place, value),
      });
      for (const place of places) place.increase(16);
      channels.increase(-4);
    },
  );
  f.if(channels.gt(0), () =>
    body({
      load: (place) => gather(f, "float32", place, 4, channels) as Vector,
      store: (place, value) => storeSome(f, "float32", place, f.local("f32x4", value), channels),
    }),
  );
}

function eachRow(
  { f, rows, rowBytes }: Channels,
  starts: readonly Local<"i32">[],
  visit: (places: readonly Local<"i32">[]) => void,
): void {
  const places = starts.map((start) => f.local("i32", start));
  const left = f.local("i32", rows);
  f.whileTrue(
    () => left.gt(0),
    () => {
      visit(places);
      for (const place of places) place.increase(rowBytes);
      left.increase(-1);
    },
  );
}

/** For each channel the sums over all rows of as many terms as there are arrays, divided. */
function sums(
  channels: Channels,
  starts: readonly Local<"i32">[],
  divisor: Value<"i32">,
  terms: (elements: readonly Vector[]) => readonly Value<"f32x4">[],
): readonly Vector[] {
  const { f } = channels;
  const parts = starts.map(() => ({ total: sumOf(f), sum: f.local("f32x4", 0) }));
  const count = f.local("i32", block);
  const absorb = () => {
    for (const { total, sum } of parts) {
      total.absorb(sum);
      sum.set(0);
    }
  };
  for (const { total } of parts) total.clear();
  eachRow(channels, starts, (places) => {
    for (const [i, term] of terms(places.map(channels.load)).entries()) {
      const { sum } = parts[i]!;
      sum.set(sum.add(term));
    }
    count.increase(-1);
    f.if(count.eq(0), () => {
      absorb();
      count.set(block);
    });
  });
  absorb();
  return parts.map(({ total }) => f.local("f32x4", total.lanes(divisor)));
}
