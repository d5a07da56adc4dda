// Generates the update of a parameter: one pass over its elements, their gradient and what the rule remembers of them, written
// in place. What a rule does is in its own file (sgd.ts, adam.ts).

import {
  type FunctionBuilder,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  splat,
  type Value,
} from "../assembler/index.ts";
import { gather, storeSome } from "../pointwise/elements.ts";
import { cutsOf, type Work } from "../pointwise/work.ts";

type Vector = Local<"f32x4">;

/** How one element changes. `S` names what the rule remembers, `N` its numbers. */
export interface UpdateRule<S extends string, N extends string> {
  /** Equal keys, equal kernels. */
  readonly key: string;
  /** Arrays beside parameter and gradient. */
  readonly states: readonly S[];
  readonly numbers: readonly N[];
  /** The new parameter, and the new states. Values given may be used several times. */
  readonly step: (
    f: FunctionBuilder,
    elements: Readonly<Record<S | "parameter" | "gradient", Vector>>,
    numbers: Readonly<Record<N, Vector>>,
  ) => Readonly<Record<S | "parameter", Value<"f32x4">>>;
}

/** Vectors of one round: a pair, which becomes operations of 256 bits. */
const unrolled = 2;

/** The exported function: (count, addresses of parameter, gradient and states, the numbers as float32). */
export function defineUpdate<S extends string, N extends string>(
  module: ModuleBuilder,
  name: string,
  rule: UpdateRule<S, N>,
): void {
  const written = ["parameter", ...rule.states] as const;
  const arrays = ["parameter", "gradient", ...rule.states] as const;
  const floats = Object.fromEntries(rule.numbers.map((number) => [number, "f32"])) as Record<N, "f32">;
  module.export(name, { ...integers<string>("count", ...arrays), ...floats }, (f, p) => {
    const places = p as unknown as Record<string, Local<"i32">>;
    const scalars = p as unknown as Record<N, Local<"f32">>;
    const count = places.count!;
    const entries = rule.numbers.map((number) => [number, f.local("f32x4", splat("f32x4", scalars[number]))]);
    const numbers = Object.fromEntries(entries) as Record<N, Vector>;
    const stepOf = (take: (place: Local<"i32">) => Vector) => {
      const elements = Object.fromEntries(arrays.map((array) => [array, take(places[array]!)]));
      const results = rule.step(f, elements as Record<(typeof arrays)[number], Vector>, numbers);
      return written.map((array) => ({ place: places[array]!, value: f.local("f32x4", results[array]) }));
    };
    const round = (vectors: number) => {
      const all = Array.from({ length: vectors }, (_, v) =>
        stepOf((place) => f.local("f32x4", load("f32x4", place, v * 16))),
      );
      for (const i of written.keys()) {
        for (const [v, results] of all.entries()) f.store(results[i]!.place, results[i]!.value, v * 16);
      }
      for (const array of arrays) places[array]!.increase(vectors * 16);
      count.increase(-4 * vectors);
    };
    f.whileTrue(
      () => count.ge(4 * unrolled),
      () => round(unrolled),
    );
    f.if(count.ge(4), () => round(1));
    f.if(count.gt(0), () => {
      const results = stepOf((place) => gather(f, "float32", place, 4, count) as Vector);
      for (const { place, value } of results) storeSome(f, "float32", place, value, count);
    });
  });
}

/** Updates `size` neighbours in parts of about `grain`; addresses in bytes, all of float32 arrays that do not overlap. */
export function planUpdate<S extends string, N extends string>(
  rule: UpdateRule<S, N>,
  size: number,
  addresses: Readonly<Record<S | "parameter" | "gradient", number>>,
  numbers: Readonly<Record<N, number>>,
  grain: number,
): Work {
  const arrays = ["parameter", "gradient", ...rule.states] as const;
  const cuts = cutsOf(size, Math.ceil(size / grain), 16);
  const calls = cuts.slice(1).map((end, i) => {
    const start = cuts[i]!;
    const places = arrays.map((array) => addresses[array] + start * 4);
    return [end - start, ...places, ...rule.numbers.map((number) => numbers[number])];
  });
  return { key: rule.key, define: (module, name) => defineUpdate(module, name, rule), calls };
}
