// Lays the patches under some neighbouring positions side by side, in the order in which matmul/register-tile.ts reads a
// panel of columns. A panel is small enough for the first cache and gone after use: the matrix of all patches (im2col) never
// exists. What differs between geometries is only where taps lie in the framed source, which is constant.

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  type Value,
} from "../assembler/index.ts";
import { difference, smaller } from "./bounds.ts";
import type { Framed } from "./framed.ts";
import type { Correlation } from "./geometry.ts";

/** Kernels with more taps are looped over row by row. */
const mostUnrolled = 128;

export type Patches = ReturnType<typeof definePatches>;

/**
 * Adds `patches`: `from` is the framed source at the first channel, `position` counts over the images from there on, `width`
 * columns make a panel. Positions of a row are copied eight or four at a time, the last copy of a run overlapping the one
 * before; columns beyond `count` keep what they hold.
 */
export function definePatches(module: ModuleBuilder, c: Correlation, framed: Framed, width: number) {
  const copies = [8, 4, 1].map((lanes) => ({ lanes, copy: defineCopy(module, c, framed, width, lanes) }));
  const parameters = integers("to", "from", "position", "count", "channels");
  return module.function("patches", parameters, (f, { to, from, position, count, channels }) => {
    const [at, source] = [f.local("i32"), f.local("i32")];
    eachRun(f, c, position, count, ({ image, row, column, run }) => {
      source.set(from.add(image.mul(framed.imageBytes)).add(row.mul(framed.rowBytes)).add(column.shl(2)));
      f.block((done) => {
        for (const { lanes, copy } of copies) {
          f.if(run.ge(lanes), () => {
            at.set(0);
            f.loop((again) => {
              f.if(at.gt(run.sub(lanes)), () => at.set(run.sub(lanes)));
              f.call(copy, { to: to.add(at.shl(2)), from: source.add(at.shl(2)), channels });
              at.increase(lanes);
              f.branchIf(at.lt(run), again);
            });
            f.branch(done);
          });
        }
      });
      to.increase(run.shl(2));
    });
  });
}

/** Neighbouring positions of one row. */
export interface Run {
  readonly image: Value<"i32">;
  readonly row: Value<"i32">;
  readonly column: Value<"i32">;
  readonly run: Value<"i32">;
}

/** Visits `count` positions from `position` on, which are counted over rows and images, row by row; `count` becomes 0. */
export function eachRun(
  f: FunctionBuilder,
  c: Correlation,
  position: Value<"i32">,
  count: Local<"i32">,
  visit: (run: Run) => void,
): void {
  const [rows, columns] = [c.rows.positions, c.columns.positions];
  const line = f.local("i32", position.div(columns));
  const image = f.local("i32", line.div(rows));
  const row = f.local("i32", line.sub(image.mul(rows)));
  const column = f.local("i32", position.sub(line.mul(columns)));
  const run = f.local("i32");
  f.whileTrue(
    () => count.gt(0),
    () => {
      run.set(smaller(f, difference(columns, column), count));
      visit({ image, row, column, run });
      count.set(count.sub(run));
      column.set(0);
      row.increase(1);
      f.if(row.eq(rows), () => {
        row.set(0);
        image.increase(1);
      });
    },
  );
}

/** Copies what `lanes` neighbouring positions meet under all taps of some channels: a row of the panel each. */
function defineCopy(
  module: ModuleBuilder,
  c: Correlation,
  { taps, channelBytes }: Framed,
  width: number,
  lanes: number,
) {
  const [rows, inRow] = [c.rows.taps.length, c.columns.taps.length];
  const together = taps.length <= mostUnrolled ? rows : 1;
  const rowStep = rows > 1 ? taps[inRow]! - taps[0]! : 0;
  const unrolled = taps.slice(0, together * inRow);
  const low = Math.min(...unrolled);
  return module.function(`copy ${lanes}`, integers("to", "from", "channels"), (f, { to, from, channels }) => {
    const [channel, row, line] = [f.local("i32"), f.local("i32"), f.local("i32")];
    from.increase(low);
    f.for(channel, 0, channels, 1, () => {
      line.set(from);
      const copyTaps = () => {
        for (const [i, tap] of unrolled.entries()) copyLanes(f, to, i * width * 4, line, tap - low, lanes);
        to.increase(unrolled.length * width * 4);
      };
      if (together === rows) copyTaps();
      else {
        f.for(row, 0, rows, 1, () => {
          copyTaps();
          line.increase(rowStep);
        });
      }
      from.increase(channelBytes);
    });
  });
}

/** Loads go before stores, or V8 could not make one 256-bit access of two. */
function copyLanes(
  f: FunctionBuilder,
  to: Value<"i32">,
  at: number,
  from: Value<"i32">,
  tap: number,
  lanes: number,
): void {
  if (lanes === 1) f.store(to, load("f32", from, tap), at);
  const vectors = Array.from({ length: Math.floor(lanes / 4) }, (_, i) =>
    f.local("f32x4", load("f32x4", from, tap + i * 16)),
  );
  for (const [i, vector] of vectors.entries()) f.store(to, vector, at + i * 16);
}
