// Generates the step of an optimiser (rules.ts): one pass over a parameter, its gradient and what the rule remembers.

import type { UpdateName } from "../../../ops/update-table.ts";
import { integers, type Local, load, type ModuleBuilder, splat } from "../assembler/index.ts";
import { gather, storeSome } from "../pointwise/elements.ts";
import { rules } from "./rules.ts";

type Vector = Local<"f32x4">;

/** Vectors of one round: a pair, which becomes operations of 256 bits. */
const unrolled = 2;

/** The exported function: (count, addresses of parameter, gradient and states, of the next ones, the rule's numbers). */
export function defineUpdate(module: ModuleBuilder, name: string, rule: UpdateName, numbers: number): void {
  const { states, step } = rules[rule];
  const inputNames = Array.from({ length: 2 + states }, (_, i) => `input ${i}`);
  const outputNames = Array.from({ length: 1 + states }, (_, i) => `output ${i}`);
  const numberNames = Array.from({ length: numbers }, (_, i) => `number ${i}`);
  const floats = Object.fromEntries(numberNames.map((each) => [each, "f32"])) as Record<string, "f32">;
  const parameters = { ...integers<string>("count", ...inputNames, ...outputNames), ...floats };
  module.export(name, parameters, (f, all) => {
    const places = all as unknown as Record<string, Local<"i32">>;
    const count = places.count!;
    const [inputs, outputs] = [inputNames.map((each) => places[each]!), outputNames.map((each) => places[each]!)];
    const scalars = numberNames.map((each) => f.local("f32x4", splat("f32x4", all[each] as unknown as Local<"f32">)));
    const next = (elements: readonly Vector[]) => step(f, elements, scalars).map((value) => f.local("f32x4", value));
    const round = (vectors: number) => {
      const results = Array.from({ length: vectors }, (_, v) =>
        next(inputs.map((place) => f.local("f32x4", load("f32x4", place, v * 16)))),
      );
      for (const [i, place] of outputs.entries()) {
        for (const [v, values] of results.entries()) f.store(place, values[i]!, v * 16);
      }
      for (const place of [...inputs, ...outputs]) place.increase(vectors * 16);
      count.increase(-4 * vectors);
    };
    f.whileTrue(
      () => count.ge(4 * unrolled),
      () => round(unrolled),
    );
    f.if(count.ge(4), () => round(1));
    f.if(count.gt(0), () => {
      const results = next(inputs.map((place) => gather(f, "float32", place, 4, count) as Vector));
      for (const [i, place] of outputs.entries()) storeSome(f, "float32", place, results[i]!, count);
    });
  });
}
