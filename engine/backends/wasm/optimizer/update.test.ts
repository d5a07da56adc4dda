import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UpdateName, UpdateOptions } from "../../../ops/update-table.ts";
import { updateKernels } from "../../cpu/updates.ts";
import { Arena } from "../arena.ts";
import { rules } from "./rules.ts";
import { defineUpdate } from "./update.ts";

const slope = { gradientScale: -1, weightDecay: 0.1 };
const cases: { readonly [U in UpdateName]: readonly UpdateOptions<U>[] } = {
  sgd: [{ ...slope, lr: 0.3 }],
  momentum: [true, false].map((nesterov) => ({ ...slope, lr: 0.3, momentum: 0.9, gradientShare: 0.7, nesterov })),
  adam: [{ ...slope, beta1: 0.9, beta2: 0.99, eps: 1e-3, shrink: 0.95, stepSize: 0.2, rootScale: 3 }],
};
const arena = new Arena();

/** Values with few digits, of which those of a moment of squares are not negative. */
const values = (size: number, seed: number) =>
  new Float32Array(size).map(
    (_, i) => ((Math.imul(i + seed * 77, 2654435761) >>> 9) % 1000) / 500 - (seed === 3 ? 0 : 1),
  );

function check<U extends UpdateName>(rule: U, options: UpdateOptions<U>, size: number): void {
  arena.clear();
  const inputs = Array.from({ length: 2 + rules[rule].states }, (_, i) => arena.place(values(size, i)));
  const outputs = Array.from({ length: 1 + rules[rule].states }, () => arena.empty("float32", size));
  const numbers = rules[rule].numbers(options as never);
  const call = [size, ...[...inputs, ...outputs].map(({ byteOffset }) => byteOffset), ...numbers];
  const define = (module: Parameters<typeof defineUpdate>[0], name: string) =>
    defineUpdate(module, name, rule, numbers.length);
  expect(arena.strayWrites(outputs, () => arena.run({ key: rule, define, calls: [call] }))).toEqual([]);
  const expected = outputs.map(() => new Float32Array(size));
  const operands = inputs.map((buffer) => ({ buffer, offset: 0 }));
  updateKernels[rule]({ size, inputs: operands, outputs: expected } as never, options as never);
  for (const [i, output] of outputs.entries()) {
    for (const [at, want] of expected[i]!.entries()) expect(Math.abs(output[at]! - want)).toBeLessThan(2e-6);
  }
}

describe.each(Object.keys(cases) as UpdateName[])("the generated step of %s", (rule) => {
  it("equals the plain one, and writes nothing else", () => {
    const size = fc.oneof(fc.constantFrom(0, 1, 3, 4, 8), fc.integer({ min: 0, max: 200 }));
    fc.assert(fc.property(fc.constantFrom(...cases[rule]), size, (options, n) => check(rule, options as never, n)));
  });
});
