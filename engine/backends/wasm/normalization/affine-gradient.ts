// Generates the gradients of weight and bias of layer normalisation: sums over all rows, one for each column.

import { integers, load, loadSplat, type ModuleBuilder, toValue } from "../assembler/index.ts";
import { sumOf } from "../reduction/line.ts";

/** Vectors of columns side by side: a cache line. */
const widest = 4;

/** Rows that are added in float32. */
const block = 32;

/**
 * The exported function: gradWeight = Σ grad · (x - mean) · inverse and gradBias = Σ grad, over the rows of `batch` samples
 * of `groups` rows, which lie `rowBytes` apart. A row has the mean and the inverse deviation of its group.
 */
export function defineAffineGradient(module: ModuleBuilder, name: string): void {
  const places = ["x", "grad", "mean", "inverse", "gradWeight", "gradBias"] as const;
  module.export(name, integers("batch", "groups", "columns", "rowBytes", ...places), (f, p) => {
    const [samples, left, count] = [f.local("i32"), f.local("i32"), f.local("i32")];
    const [x, grad, mean, inverse] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
    const one = toValue("i32", 1);
    const eachRow = (visit: () => void) => {
      x.set(p.x);
      grad.set(p.grad);
      f.for(samples, 0, p.batch, 1, () => {
        mean.set(p.mean);
        inverse.set(p.inverse);
        left.set(p.groups);
        f.whileTrue(
          () => left.gt(0),
          () => {
            visit();
            for (const place of [x, grad]) place.increase(p.rowBytes);
            for (const place of [mean, inverse]) place.increase(4);
            left.increase(-1);
          },
        );
      });
    };
    const strip = (vectors: number) => {
      const columns = Array.from({ length: vectors }, () => ({
        weight: { total: sumOf(f), sum: f.local("f32x4", 0) },
        bias: { total: sumOf(f), sum: f.local("f32x4", 0) },
      }));
      const sums = columns.flatMap(({ weight, bias }) => [weight, bias]);
      const absorb = () => {
        for (const { total, sum } of sums) {
          total.absorb(sum);
          sum.set(0);
        }
      };
      for (const { total } of sums) total.clear();
      count.set(block);
      eachRow(() => {
        const [centre, scale] = [
          f.local("f32x4", loadSplat("f32x4", mean)),
          f.local("f32x4", loadSplat("f32x4", inverse)),
        ];
        for (const [v, { weight, bias }] of columns.entries()) {
          const upper = f.local("f32x4", load("f32x4", grad, v * 16));
          const normal = load("f32x4", x, v * 16)
            .sub(centre)
            .mul(scale);
          weight.sum.set(weight.sum.add(upper.mul(normal)));
          bias.sum.set(bias.sum.add(upper));
        }
        count.increase(-1);
        f.if(count.eq(0), () => {
          absorb();
          count.set(block);
        });
      });
      absorb();
      for (const [v, { weight, bias }] of columns.entries()) {
        f.store(p.gradWeight, weight.total.lanes(one), v * 16);
        f.store(p.gradBias, bias.total.lanes(one), v * 16);
      }
      for (const place of [p.x, p.grad, p.gradWeight, p.gradBias]) place.increase(vectors * 16);
      p.columns.increase(-4 * vectors);
    };
    f.whileTrue(
      () => p.columns.ge(4 * widest),
      () => strip(widest),
    );
    f.whileTrue(
      () => p.columns.ge(4),
      () => strip(1),
    );
    f.whileTrue(
      () => p.columns.gt(0),
      () => {
        const [weight, bias] = [sumOf(f), sumOf(f)];
        for (const total of [weight, bias]) total.clear();
        eachRow(() => {
          const upper = f.local("f32", load("f32", grad));
          const normal = load("f32", x).sub(load("f32", mean)).mul(load("f32", inverse));
          weight.absorbOne(upper.mul(normal));
          bias.absorbOne(upper);
        });
        f.store(p.gradWeight, weight.all(one));
        f.store(p.gradBias, bias.all(one));
        for (const place of [p.x, p.grad, p.gradWeight, p.gradBias]) place.increase(4);
        p.columns.increase(-1);
      },
    );
  });
}
