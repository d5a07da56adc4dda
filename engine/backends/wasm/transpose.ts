// Turns a square of 4 × 4 elements in registers. Used where packed panels are laid down and where tiles are unloaded.

import { type FunctionBuilder, shuffle, type Value } from "./assembler/index.ts";

export type Square = readonly [Value<"f32x4">, Value<"f32x4">, Value<"f32x4">, Value<"f32x4">];

/** The columns of a square whose rows are given; each is to be used once. */
export function transposed(f: FunctionBuilder, [a, b, c, d]: Square): Square {
  const lowAb = f.local("f32x4", shuffle(a, b, [0, 4, 1, 5]));
  const lowCd = f.local("f32x4", shuffle(c, d, [0, 4, 1, 5]));
  const highAb = f.local("f32x4", shuffle(a, b, [2, 6, 3, 7]));
  const highCd = f.local("f32x4", shuffle(c, d, [2, 6, 3, 7]));
  return [
    shuffle(lowAb, lowCd, [0, 1, 4, 5]),
    shuffle(lowAb, lowCd, [2, 3, 6, 7]),
    shuffle(highAb, highCd, [0, 1, 4, 5]),
    shuffle(highAb, highCd, [2, 3, 6, 7]),
  ];
}
