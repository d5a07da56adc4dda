// Generates reductions of float32: loops over kept dimensions, in them loops over reduced ones, in them either a run of
// neighbours that become one (`rows`) or neighbours that stay side by side (`columns`). Blocks are folded in lanes of
// float32, few enough elements a lane that rounding does not show; what is above them is folding.ts's affair.

import { type FunctionBuilder, integers, type Local, load, type ModuleBuilder } from "../assembler/index.ts";
import { type Folding, type FoldingName, foldings } from "./folding.ts";

export type ReduceForm = "rows" | "columns";

/** Elements that are folded in float32 before the total takes them, for each lane: an error below a millionth, whatever they are. */
const blockOfLane = 32;

/** Vectors side by side; pairs become operations of 256 bits. */
const vectorsOfRow = 8;
const vectorsOfColumns = 4;

/** Dimensions around the innermost, outer first: two kept, two reduced. */
export const reduceParameters = [
  ...["kept 0", "kept 0 bytes", "kept 0 to bytes", "kept 1", "kept 1 bytes", "kept 1 to bytes"],
  ...["reduced 0", "reduced 0 bytes", "reduced 1", "reduced 1 bytes"],
  ...["inner", "from", "to", "divisor"],
] as const;

interface Reduction {
  readonly f: FunctionBuilder;
  readonly folding: Folding;
  readonly from: Local<"i32">;
  readonly to: Local<"i32">;
  readonly inner: Local<"i32">;
  readonly divisor: Local<"i32">;
  /** Runs `body` for all entries of the outer reduced dimension, with where they start. */
  readonly eachOuter: (from: Local<"i32">, body: (place: Local<"i32">) => void) => void;
  readonly count: Local<"i32">;
  readonly bytes: Local<"i32">;
}

/** The exported function takes `reduceParameters`: sizes, strides and addresses, in bytes; `inner` elements are neighbours. */
export function defineReduction(module: ModuleBuilder, name: string, op: FoldingName, form: ReduceForm): void {
  module.export(name, integers(...reduceParameters), (f, p) => {
    const [rowFrom, rowTo] = [f.local("i32"), f.local("i32")];
    const [i, j] = [f.local("i32"), f.local("i32")];
    const reduction: Reduction = {
      ...{ f, folding: foldings[op], from: rowFrom, to: rowTo, inner: p.inner!, divisor: p.divisor! },
      ...{ count: p["reduced 1"]!, bytes: p["reduced 1 bytes"]! },
      eachOuter: (from, body) => {
        const [k, place] = [f.local("i32"), f.local("i32")];
        const start = f.local("i32", from);
        f.for(k, 0, p["reduced 0"]!, 1, () => {
          place.set(start);
          body(place);
          start.increase(p["reduced 0 bytes"]!);
        });
      },
    };
    f.for(i, 0, p["kept 0"]!, 1, () => {
      rowFrom.set(p.from!);
      rowTo.set(p.to!);
      f.for(j, 0, p["kept 1"]!, 1, () => {
        if (form === "rows") reduceRow(reduction);
        else reduceColumns(reduction);
        rowFrom.increase(p["kept 1 bytes"]!);
        rowTo.increase(p["kept 1 to bytes"]!);
      });
      p.from!.increase(p["kept 0 bytes"]!);
      p.to!.increase(p["kept 0 to bytes"]!);
    });
  });
}

/** All runs of neighbours become one element. */
function reduceRow({ f, folding, from, to, inner, divisor, eachOuter, count, bytes }: Reduction): void {
  const total = folding.total(f);
  const lanes = Array.from({ length: vectorsOfRow }, () => f.local("f32x4"));
  const [k, place, left, block] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
  const step = vectorsOfRow * 4;
  total.clear();
  eachOuter(from, (start) => {
    f.for(k, 0, count, 1, () => {
      place.set(start);
      left.set(inner);
      f.whileTrue(
        () => left.ge(step),
        () => {
          block.set(left.and(-step));
          f.if(block.gt(blockOfLane * step), () => block.set(blockOfLane * step));
          left.set(left.sub(block));
          const end = f.local("i32", place.add(block.shl(2)));
          for (const lane of lanes) lane.set(folding.initial);
          f.loop((again) => {
            for (const [v, lane] of lanes.entries()) lane.set(folding.fold(f, lane, load("f32x4", place, v * 16)));
            place.increase(step * 4);
            f.branchIf(place.ltUnsigned(end), again);
          });
          for (let half = vectorsOfRow / 2; half >= 1; half /= 2) {
            for (let v = 0; v < half; v++) lanes[v]!.set(folding.fold(f, lanes[v]!, lanes[v + half]!));
          }
          total.absorb(lanes[0]!);
        },
      );
      f.if(left.ge(4), () => {
        lanes[0]!.set(folding.initial);
        f.loop((again) => {
          lanes[0]!.set(folding.fold(f, lanes[0]!, load("f32x4", place)));
          place.increase(16);
          left.increase(-4);
          f.branchIf(left.ge(4), again);
        });
        total.absorb(lanes[0]!);
      });
      f.whileTrue(
        () => left.gt(0),
        () => {
          total.absorbOne(load("f32", place));
          place.increase(4);
          left.increase(-1);
        },
      );
      start.increase(bytes);
    });
  });
  f.store(to, total.all(divisor));
}

/** Neighbours stay side by side: some vectors of them at a time, then one, then one element. */
function reduceColumns(reduction: Reduction): void {
  const { f, folding, from, to, inner, divisor, eachOuter, count, bytes } = reduction;
  const [at, target, left, k] = [f.local("i32", from), f.local("i32", to), f.local("i32", inner), f.local("i32")];
  const strip = (vectors: number) => {
    const totals = Array.from({ length: vectors }, () => folding.total(f));
    const lanes = Array.from({ length: vectors }, () => f.local("f32x4"));
    const [rows, block] = [f.local("i32"), f.local("i32")];
    for (const total of totals) total.clear();
    eachOuter(at, (place) => {
      rows.set(count);
      f.whileTrue(
        () => rows.gt(0),
        () => {
          block.set(rows);
          f.if(block.gt(blockOfLane), () => block.set(blockOfLane));
          rows.set(rows.sub(block));
          for (const lane of lanes) lane.set(folding.initial);
          f.loop((again) => {
            for (const [v, lane] of lanes.entries()) lane.set(folding.fold(f, lane, load("f32x4", place, v * 16)));
            place.increase(bytes);
            block.increase(-1);
            f.branchIf(block, again);
          });
          for (const [v, total] of totals.entries()) total.absorb(lanes[v]!);
        },
      );
    });
    for (const [v, total] of totals.entries()) f.store(target, total.lanes(divisor), v * 16);
    at.increase(vectors * 16);
    target.increase(vectors * 16);
    left.increase(-4 * vectors);
  };
  f.whileTrue(
    () => left.ge(4 * vectorsOfColumns),
    () => strip(vectorsOfColumns),
  );
  f.whileTrue(
    () => left.ge(4),
    () => strip(1),
  );
  f.whileTrue(
    () => left.gt(0),
    () => {
      const total = folding.total(f);
      total.clear();
      eachOuter(at, (place) => {
        f.for(k, 0, count, 1, () => {
          total.absorbOne(load("f32", place));
          place.increase(bytes);
        });
      });
      f.store(target, total.all(divisor));
      at.increase(4);
      target.increase(4);
      left.increase(-1);
    },
  );
}
