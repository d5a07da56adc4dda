// How elements are folded into one: lanes of float32 for a block of them, and a total above, which for sums is in double
// precision. The loops of reduce.ts are the same for all.

import {
  extractLane,
  type FunctionBuilder,
  type Local,
  select,
  shuffle,
  splat,
  type Value,
} from "../assembler/index.ts";

export type FoldingName = "sum" | "amax" | "amin";

export interface Folding {
  /** What folding nothing gives. */
  readonly initial: number;
  /** What was folded so far, and what comes. */
  readonly fold: (f: FunctionBuilder, a: Local<"f32x4">, b: Value<"f32x4">) => Value<"f32x4">;
  /** A new total of four lanes, and of elements that come alone. */
  readonly total: (f: FunctionBuilder) => Total;
}

/** Of one vector of outputs, or of one output whose lanes meet at the end. */
export interface Total {
  clear(): void;
  absorb(lanes: Local<"f32x4">): void;
  absorbOne(element: Value<"f32">): void;
  /** Four results, without the elements that came alone; a sum is divided. */
  lanes(divisor: Value<"i32">): Value<"f32x4">;
  /** One result. */
  all(divisor: Value<"i32">): Value<"f32">;
}

export const foldings: Record<FoldingName, Folding> = {
  sum: { initial: 0, fold: (_, a, b) => a.add(b), total: sumOf },
  amax: extremum(
    -Infinity,
    (a, b) => b.gt(a),
    (a, b) => a.max(b),
  ),
  amin: extremum(
    Infinity,
    (a, b) => b.lt(a),
    (a, b) => a.min(b),
  ),
};

function sumOf(f: FunctionBuilder): Total {
  const [low, high] = [f.local("f64x2"), f.local("f64x2")];
  const alone = f.local("f64");
  return {
    clear: () => {
      low.set(0);
      high.set(0);
      alone.set(0);
    },
    absorb: (lanes) => {
      low.increase(lanes.to("f64x2"));
      high.increase(shuffle(lanes, lanes, [2, 3, 2, 3]).to("f64x2"));
    },
    absorbOne: (element) => alone.increase(element.to("f64")),
    lanes: (divisor) => {
      const by = f.local("f64x2", splat("f64x2", divisor.to("f64")));
      return shuffle(low.div(by).to("f32x4"), high.div(by).to("f32x4"), [0, 1, 4, 5]);
    },
    all: (divisor) => {
      const both = f.local("f64x2", low.add(high));
      const sum = extractLane(both, 0).add(extractLane(both, 1)).add(alone);
      return sum.div(divisor.to("f64")).to("f32");
    },
  };
}

/**
 * A NaN anywhere is the result. Lanes take what is beyond them or NaN, and a NaN stays: half the instructions of
 * WebAssembly's maximum, which also tells zeros apart.
 */
function extremum(
  initial: number,
  isBeyond: (a: Value<"f32x4">, b: Value<"f32x4">) => Value<"i32x4">,
  ofTwo: (a: Value<"f32">, b: Value<"f32">) => Value<"f32">,
): Folding {
  const fold: Folding["fold"] = (f, a, b) => {
    const next = f.local("f32x4", b);
    return select(isBeyond(a, next).or(next.ne(next)), next, a);
  };
  const total = (f: FunctionBuilder): Total => {
    const [four, alone] = [f.local("f32x4"), f.local("f32")];
    return {
      clear: () => {
        four.set(initial);
        alone.set(initial);
      },
      absorb: (lanes) => four.set(fold(f, four, lanes)),
      absorbOne: (element) => alone.set(ofTwo(alone, element)),
      lanes: () => four,
      all: () => [0, 1, 2, 3].reduce<Value<"f32">>((value, lane) => ofTwo(value, extractLane(four, lane)), alone),
    };
  };
  return { initial, fold, total };
}
