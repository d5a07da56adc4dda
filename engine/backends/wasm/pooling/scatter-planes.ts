// Generates the scatterAdd of max pooling's gradient rule: within each plane, every source element is added where its index
// says. Indices come from maxPool2dIndices; one that is outside of its plane is left out.

import { integers, load, type ModuleBuilder } from "../assembler/index.ts";
import { cutsOf, type Work } from "../work.ts";

/** The exported function: result = base, then result[plane][index[plane][i]] += source[plane][i]. Sizes of one plane. */
export type ScatterPlanes = (
  planes: number,
  size: number,
  sourceSize: number,
  base: number,
  index: number,
  source: number,
  result: number,
) => void;

export function defineScatterPlanes(module: ModuleBuilder, name: string): void {
  const parameters = integers("planes", "size", "sourceSize", "base", "index", "source", "result");
  module.export(name, parameters, (f, { planes, size, sourceSize, base, index, source, result }) => {
    const [i, at, place] = [f.local("i32"), f.local("i32"), f.local("i32")];
    f.copy(result, base, planes.mul(size).shl(2));
    f.whileTrue(
      () => planes.gt(0),
      () => {
        f.for(i, 0, sourceSize, 1, () => {
          at.set(load("i32", index));
          f.if(at.ltUnsigned(size), () => {
            place.set(result.add(at.shl(2)));
            f.store(place, load("f32", place).add(load("f32", source)));
          });
          index.increase(4);
          source.increase(4);
        });
        result.increase(size.shl(2));
        planes.increase(-1);
      },
    );
  });
}

/** `planes` planes of `size` elements, in parts of about `grain` elements; addresses in bytes. */
export function planScatterPlanes(
  planes: number,
  size: number,
  sourceSize: number,
  at: { readonly base: number; readonly index: number; readonly source: number; readonly result: number },
  grain: number,
): Work {
  const cuts = cutsOf(planes, Math.ceil((planes * size) / grain));
  const calls = cuts.slice(1).map((end, i) => {
    const start = cuts[i]!;
    const [skipped, skippedSource] = [start * size * 4, start * sourceSize * 4];
    const addresses = [at.base + skipped, at.index + skippedSource, at.source + skippedSource, at.result + skipped];
    return [end - start, size, sourceSize, ...addresses];
  });
  return { key: "scatterPlanes", define: defineScatterPlanes, calls };
}
