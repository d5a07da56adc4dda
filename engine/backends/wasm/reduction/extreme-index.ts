// Generates argmax and argmin along one dimension: the first of equal elements, and the first NaN before all others. Element
// by element: what it is used for are a few classes a row.

import { type DType, sizeBytesOf } from "../../../core/dtype.ts";
import type { Around } from "../../../core/shape.ts";
import { integers, load, type ModuleBuilder, select } from "../assembler/index.ts";
import { cutsOf, type Work } from "../work.ts";

export type ExtremeIndexOp = "argmax" | "argmin";

/** Sizes of a part of outer × length × inner, strides in bytes, and addresses; lines of no elements are not allowed. */
const parameters = ["outer", "inner", "length", "stride", "outerBytes", "from", "toBytes", "to"] as const;

export function defineExtremeIndex(
  module: ModuleBuilder,
  name: string,
  op: ExtremeIndexOp,
  dtype: "float32" | "int32",
): void {
  const type = dtype === "float32" ? "f32" : "i32";
  module.export(name, integers(...parameters), (f, p) => {
    const [i, j, k, best, place] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
    const [found, value] = [f.local<"f32" | "i32">(type), f.local<"f32" | "i32">(type)];
    f.for(i, 0, p.outer, 1, () => {
      f.for(j, 0, p.inner, 1, () => {
        place.set(p.from.add(j.shl(2)));
        found.set(load(type, place));
        best.set(0);
        f.for(k, 1, p.length, 1, () => {
          place.increase(p.stride);
          value.set(load(type, place));
          const beyond = op === "argmax" ? value.gt(found) : value.lt(found);
          const firstNan = value.ne(value).and(found.eq(found));
          const better = f.local("i32", type === "f32" ? beyond.or(firstNan) : beyond);
          best.set(select(better, k, best));
          found.set(select<"f32" | "i32">(better, value, found));
        });
        f.store(p.to.add(j.shl(2)), best);
      });
      p.from.increase(p.outerBytes);
      p.to.increase(p.toBytes);
    });
  });
}

/** Writes int32 positions along the middle dimension of a tensor without gaps, in parts of about `grain` elements. */
export function planExtremeIndex(
  op: ExtremeIndexOp,
  dtype: Exclude<DType, "bool">,
  { outer, length, inner }: Around,
  from: number,
  to: number,
  grain: number,
): Work {
  const bytes = sizeBytesOf(dtype, 1);
  const parts = Math.ceil((outer * length * inner) / grain);
  const alongOuter = outer >= Math.min(parts, inner);
  const cuts = cutsOf(alongOuter ? outer : inner, parts);
  const strides = [length, inner * bytes, length * inner * bytes];
  const calls = cuts.slice(1).map((end, i) => {
    const start = cuts[i]!;
    const sizes = alongOuter ? [end - start, inner] : [outer, end - start];
    const skipped = alongOuter ? start * inner : start;
    const fromStart = from + (alongOuter ? start * length * inner : start) * bytes;
    return [...sizes, ...strides, fromStart, inner * 4, to + skipped * 4];
  });
  return { key: `${op}|${dtype}`, define: (module, name) => defineExtremeIndex(module, name, op, dtype), calls };
}
