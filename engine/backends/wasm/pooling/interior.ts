// Four windows side by side that lie within the image from left to right, for pooling of any size with stride 1 or 2: the
// middle of most rows. What is beside them, and other strides, is windows.ts alone.

import {
  extractLane,
  type FunctionBuilder,
  type Local,
  load,
  replaceLane,
  select,
  shuffle,
  splat,
  type Value,
} from "../assembler/index.ts";
import type { PoolGeometry, PoolOp } from "./geometry.ts";

type Vector = Local<"f32x4">;

/** The first window: its upper left corner and its place among the outputs in bytes. */
interface FourWindows {
  readonly f: FunctionBuilder;
  readonly g: PoolGeometry;
  readonly top: Local<"i32">;
  readonly left: Local<"i32">;
  readonly at: Local<"i32">;
}

/** Columns of the output whose windows lie within the image from left to right. */
export function interiorOf({ input, output, kernelSize, stride, padding, dilation }: PoolGeometry): [number, number] {
  const last = input[1] + padding[1] - (kernelSize[1] - 1) * dilation[1] - 1;
  const start = Math.ceil(padding[1] / stride[1]);
  return [start, Math.max(Math.min(Math.floor(last / stride[1]) + 1, output[1]), start)];
}

/** The ops that have a vector form; the gradient of a mean, whose windows overlap in what they write, has none. */
export function hasInterior(op: PoolOp, { stride }: PoolGeometry): boolean {
  return op !== "avgPool2dInput" && stride[1] <= 2;
}

/** Computes four outputs; `count` is how many elements a mean counts, the same for all four. */
export function emitInterior(
  windows: FourWindows,
  op: PoolOp,
  planes: readonly Local<"i32">[],
  count: () => Value<"i32">,
): void {
  const { f, at } = windows;
  const [x, second, result] = planes;
  if (op === "avgPool2d") {
    const sum = f.local("f32x4", 0);
    eachVector(windows, x!, (value) => sum.set(sum.add(value)));
    f.store(second!.add(at), sum.div(splat("f32x4", count().to("f32"))));
    return;
  }
  if (op === "maxPool2d") {
    const found = f.local("f32x4", -Infinity);
    eachVector(windows, x!, (value) => found.set(select(value.gt(found).or(value.ne(value)), value, found)));
    f.store(second!.add(at), found);
    return;
  }
  const indices = indicesOfLargest(windows, x!);
  if (op === "maxPool2dIndices") {
    f.store(second!.add(at), select(indices.gt(0), indices, splat("i32x4", 0)));
    return;
  }
  const place = f.local("i32");
  // All four windows have the same rows: with nothing under one, there is nothing under any.
  f.if(extractLane(indices, 0).ge(0), () => {
    for (const lane of [0, 1, 2, 3]) {
      place.set(result!.add(extractLane(indices, lane).shl(2)));
      f.store(place, load("f32", place).add(load("f32", second!.add(at), lane * 4)));
    }
  });
}

/** Visits what lies under each position of the four windows, and its index in the plane for the first of them. */
function eachVector(
  { f, g, top, left }: FourWindows,
  plane: Value<"i32">,
  visit: (value: Vector, index: Value<"i32">) => void,
): void {
  const [i, row, index, place] = [f.local("i32"), f.local("i32", top), f.local("i32"), f.local("i32")];
  f.for(i, 0, g.kernelSize[0], 1, () => {
    f.if(row.ltUnsigned(g.input[0]), () => {
      index.set(row.mul(g.input[1]).add(left));
      place.set(plane.add(index.shl(2)));
      for (let j = 0; j < g.kernelSize[1]; j++) {
        const column = j * g.dilation[1];
        const near = load("f32x4", place, column * 4);
        // Of stride 2, elements 0, 2 and 4, 6: nothing beyond the last is read.
        const value = g.stride[1] === 1 ? near : shuffle(near, load("f32x4", place, column * 4 + 12), [0, 2, 5, 7]);
        visit(f.local("f32x4", value), index.add(column));
      }
    });
    row.increase(g.dilation[0]);
  });
}

/** The first of equal ones, the last NaN; below 0 where nothing is under the windows. */
function indicesOfLargest(windows: FourWindows, plane: Value<"i32">): Local<"i32x4"> {
  const { f, g } = windows;
  const found = f.local("f32x4", -Infinity);
  const [best, better] = [f.local("i32x4", -1), f.local("i32x4")];
  eachVector(windows, plane, (value, index) => {
    better.set(best.lt(0).or(value.gt(found)).or(value.ne(value)));
    found.set(select(better, value, found));
    best.set(select(better, splat("i32x4", index), best));
  });
  const lanes = [1, 2, 3].reduce((steps, lane) => replaceLane(steps, lane, lane * g.stride[1]), splat("i32x4", 0));
  return f.local("i32x4", select(best.lt(0), best, best.add(lanes)));
}
