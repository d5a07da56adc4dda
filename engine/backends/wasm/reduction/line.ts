// Walks a run of neighbouring elements several arrays at once: loads them, has terms added up, stores what is made of them.
// Terms are added in float32 for a block and in double precision above. What softmax and normalisation have in common.

import { type FunctionBuilder, type Local, load, replaceLane, shuffle, splat, type Value } from "../assembler/index.ts";
import { gather, storeSome } from "../pointwise/elements.ts";
import { foldings, type Total } from "./folding.ts";

export type Vector = Local<"f32x4">;

export interface Pass {
  /** Elements of the run. */
  readonly length: Value<"i32">;
  /** Where the run starts in each array that is read, and in each that is written. */
  readonly inputs: readonly Value<"i32">[];
  readonly outputs?: readonly Value<"i32">[];
  /** What the terms are added to, one for each. */
  readonly totals?: readonly Total[];
  /** Vectors of one round: 2, or 4 where there is so little to do that sums would wait for each other. Default: 2. */
  readonly unrolled?: 2 | 4;
  /** One vector of every input → one of every output, and the terms. */
  readonly body: (elements: readonly Vector[]) => {
    readonly stores?: readonly Value<"f32x4">[];
    readonly terms?: readonly Value<"f32x4">[];
  };
}

/** Rounds whose terms are added in float32. */
const roundsOfBlock = 32;

/** A sum in double precision. */
export function sumOf(f: FunctionBuilder): Total {
  return foldings.sum.total(f);
}

export function walk(
  f: FunctionBuilder,
  { length, inputs, outputs = [], totals = [], unrolled = 2, body }: Pass,
): void {
  const places = inputs.map((input) => f.local("i32", input));
  const targets = outputs.map((output) => f.local("i32", output));
  const left = f.local("i32", length);
  const sums = totals.map(() => Array.from({ length: unrolled }, () => f.local("f32x4")));
  const round = (vectors: number, add: (term: Value<"f32x4">, total: number, vector: number) => void) => {
    const all = Array.from({ length: vectors }, (_, v) =>
      places.map((place) => f.local("f32x4", load("f32x4", place, v * 16))),
    );
    const results = all.map((elements) => {
      const { stores = [], terms = [] } = body(elements);
      return { stores: stores.map((value) => f.local("f32x4", value)), terms };
    });
    for (const [i, target] of targets.entries()) {
      for (const [v, { stores }] of results.entries()) f.store(target, stores[i]!, v * 16);
    }
    for (const [v, { terms }] of results.entries()) for (const [i, term] of terms.entries()) add(term, i, v);
    for (const place of [...places, ...targets]) place.increase(vectors * 16);
    left.increase(-4 * vectors);
  };
  const wholes = () => round(unrolled, (term, i, v) => sums[i]![v]!.set(sums[i]![v]!.add(term)));
  const again = () => left.ge(4 * unrolled);
  if (totals.length === 0) f.whileTrue(again, wholes);
  else {
    const end = f.local("i32");
    f.whileTrue(again, () => {
      for (const lanes of sums) for (const sum of lanes) sum.set(0);
      end.set(left.sub(roundsOfBlock * 4 * unrolled));
      f.if(end.lt(0), () => end.set(0));
      f.whileTrue(() => left.sub(4 * unrolled).ge(end), wholes);
      for (const [i, [first, ...others]] of sums.entries()) {
        for (const sum of others) first!.set(first!.add(sum));
        totals[i]!.absorb(first!);
      }
    });
  }
  const absorb = (term: Value<"f32x4">, i: number) => totals[i]!.absorb(f.local("f32x4", term));
  f.whileTrue(
    () => left.ge(4),
    () => round(1, absorb),
  );
  f.if(left.gt(0), () => {
    const { stores = [], terms = [] } = body(places.map((place) => gather(f, "float32", place, 4, left) as Vector));
    for (const [i, target] of targets.entries()) {
      storeSome(f, "float32", target, f.local("f32x4", stores[i]!), left);
    }
    if (terms.length > 0) {
      const counted = f.local("f32x4", lanesBelow(left).as("f32x4"));
      for (const [i, term] of terms.entries()) absorb(term.and(counted), i);
    }
  });
}

/** A mask of the first `count` lanes. */
function lanesBelow(count: Value<"i32">): Value<"i32x4"> {
  const numbered = [1, 2, 3].reduce((lanes, lane) => replaceLane(lanes, lane, lane), splat("i32x4", 0));
  return numbered.lt(splat("i32x4", count));
}

/** The largest element of a run, in every lane; numbers only, -∞ where there are none. */
export function largestOf(f: FunctionBuilder, start: Value<"i32">, length: Value<"i32">): Vector {
  const [place, left] = [f.local("i32", start), f.local("i32", length)];
  const largest = [f.local("f32x4", -Infinity), f.local("f32x4", -Infinity)] as const;
  const [first, second] = largest;
  f.whileTrue(
    () => left.ge(8),
    () => {
      for (const [v, lanes] of largest.entries()) lanes.set(lanes.pmax(load("f32x4", place, v * 16)));
      place.increase(32);
      left.increase(-8);
    },
  );
  f.if(left.ge(4), () => {
    first.set(first.pmax(load("f32x4", place)));
    place.increase(16);
    left.increase(-4);
  });
  f.if(left.gt(0), () => second.set(second.pmax(gather(f, "float32", place, 4, left) as Vector)));
  first.set(first.pmax(second));
  first.set(first.pmax(shuffle(first, first, [2, 3, 0, 1])));
  first.set(first.pmax(shuffle(first, first, [1, 0, 3, 2])));
  return first;
}
