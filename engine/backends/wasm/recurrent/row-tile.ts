// The innermost kernel of a step of a recurrent network: a few rows of states, read where they lie, times one packed panel
// of weights. matmul/register-tile.ts packs its rows too, which a product of so few would not pay for.

import {
  integers,
  type Label,
  type Local,
  load,
  loadSplat,
  type ModuleBuilder,
  madd,
  type Value,
} from "../assembler/index.ts";
import { loadLanes, storeLanes } from "./units.ts";

export interface RowTile {
  readonly rows: number;
  /** Columns of a panel as it is packed, a multiple of 4, and how many of them there are. */
  readonly width: number;
  readonly columns: number;
  readonly k: number;
  /** From one row of a to the next. */
  readonly aRowBytes: number;
  /** Whether there is something to add the product to. */
  readonly adds: boolean;
}

/** Rounds of the k loop that one branch pays for. */
const unrolled = 4;

/** Rows that are enough for their sums to wait for no multiplication; fewer take every other round, or every fourth. */
const busyRows = 4;

/** Adds the kernel to a module: out = a · panel (+ addend). Panels hold k rows of `width` columns. */
export function defineRowTile(module: ModuleBuilder, { rows, width, columns, k, aRowBytes, adds }: RowTile) {
  const parameters = integers("a", "panel", "addend", "addendRowBytes", "out", "outRowBytes");
  return module.function(`${rows} rows`, parameters, (f, { a, panel, addend, addendRowBytes, out, outRowBytes }) => {
    const lanes = Array.from({ length: Math.ceil(columns / 4) }, (_, j) => Math.min(columns - j * 4, 4));
    const vectors = (): Local<"f32x4">[] => lanes.map(() => f.local("f32x4"));
    const turns = Array.from({ length: Math.max(Math.floor(busyRows / rows), 1) }, () =>
      Array.from({ length: rows }, vectors),
    );
    const [sums, ...others] = turns as [Local<"f32x4">[][], ...Local<"f32x4">[][][]];
    const weights = vectors();
    const state = f.local("f32x4");
    const rounds = (count: number) => {
      for (let round = 0; round < count; round++) {
        for (const [j, x] of weights.entries()) x.set(load("f32x4", panel, (round * width + j * 4) * 4));
        for (const [i, row] of turns[round % turns.length]!.entries()) {
          state.set(loadSplat("f32x4", a, i * aRowBytes + round * 4));
          for (const [j, sum] of row.entries()) sum.set(madd(state, weights[j]!, sum));
        }
      }
      a.increase(count * 4);
      panel.increase(count * width * 4);
    };
    const rest = k % unrolled;
    if (k > rest) {
      const end: Value<"i32"> = f.local("i32", a.add((k - rest) * 4));
      f.loop((again: Label) => {
        rounds(unrolled);
        f.branchIf(a.ltUnsigned(end), again);
      });
    }
    if (rest > 0) rounds(rest);
    for (const [i, row] of sums.entries()) {
      for (const [j, sum] of row.entries()) for (const other of others) sum.set(sum.add(other[i]![j]!));
    }
    if (adds) {
      for (const row of sums) {
        for (const [j, sum] of row.entries()) sum.set(sum.add(loadLanes(f, addend, lanes[j]!, j * 16)));
        addend.increase(addendRowBytes);
      }
    }
    for (const row of sums) {
      for (const [j, sum] of row.entries()) storeLanes(f, out, sum, lanes[j]!, j * 16);
      out.increase(outRowBytes);
    }
  });
}
