// Walks over the hidden units of rows that lie one behind the other: eight units at a time, two vectors that V8 joins to
// one of 256 bits, and what is left of a row in vectors that are filled in part.

import { extractLane, type FunctionBuilder, type Local, load, replaceLane, type Value } from "../assembler/index.ts";

/** How many lanes of each vector are there. */
export type Lanes = readonly number[];

/**
 * Runs `body` for all units of `rows` rows, which is used up. The pointers move along, and on to the next row: those that
 * have other gates' units behind them skip `gates - 1` times as many.
 */
export function forUnits(
  f: FunctionBuilder,
  rows: Local<"i32">,
  hidden: number,
  pointers: readonly { readonly pointer: Local<"i32">; readonly gates: number }[],
  body: (lanes: Lanes) => void,
): void {
  const left = f.local("i32");
  const move = (bytes: number) => {
    for (const { pointer } of pointers) pointer.increase(bytes);
  };
  f.whileTrue(
    () => rows.gt(0),
    () => {
      f.for(left, 0, Math.floor(hidden / 8), 1, () => {
        body([4, 4]);
        move(32);
      });
      const rest = hidden % 8;
      if (rest > 0) body(rest > 4 ? [4, rest - 4] : [rest]);
      for (const { pointer, gates } of pointers) pointer.increase(((gates - 1) * hidden + rest) * 4);
      rows.increase(-1);
    },
  );
}

/** The units at `pointer + offset`; lanes that are not there are 0. */
export function loadUnits(f: FunctionBuilder, pointer: Value<"i32">, lanes: Lanes, offset = 0): Local<"f32x4">[] {
  return lanes.map((count, i) => f.local("f32x4", loadLanes(f, pointer, count, offset + i * 16)));
}

export function storeUnits(
  f: FunctionBuilder,
  pointer: Value<"i32">,
  lanes: Lanes,
  values: readonly Value<"f32x4">[],
  offset = 0,
): void {
  for (const [i, count] of lanes.entries()) storeLanes(f, pointer, values[i]!, count, offset + i * 16);
}

export function loadLanes(f: FunctionBuilder, pointer: Value<"i32">, count: number, offset: number): Value<"f32x4"> {
  if (count === 4) return load("f32x4", pointer, offset);
  const vector = f.local("f32x4", 0);
  for (let lane = 0; lane < count; lane++) {
    vector.set(replaceLane(vector, lane, load("f32", pointer, offset + lane * 4)));
  }
  return vector;
}

export function storeLanes(
  f: FunctionBuilder,
  pointer: Value<"i32">,
  value: Value<"f32x4">,
  count: number,
  offset: number,
): void {
  if (count === 4) f.store(pointer, value, offset);
  else for (let lane = 0; lane < count; lane++) f.store(pointer, extractLane(value, lane), offset + lane * 4);
}
