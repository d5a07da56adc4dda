import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { optim, type Tensor, tensor } from "../../../index.ts";
import { Arena } from "../pointwise/arena.ts";
import { adamRule } from "./adam.ts";
import { sgdRule } from "./sgd.ts";
import { planUpdate, type UpdateRule } from "./update.ts";

const arena = new Arena();
const steps = 3;

const numbers = (size: number, seed: number) =>
  new Float32Array(size).map((_, i) => ((Math.imul(i + seed * 77, 2654435761) >>> 9) % 1000) / 500 - 1);

/** The parameter after some steps by the kernel, which may write nothing but parameter and states. */
function updated<S extends string, N extends string>(
  rule: UpdateRule<S, N>,
  size: number,
  numbersOf: (step: number) => Record<N, number>,
  grain: number,
): Float32Array {
  arena.clear();
  const parameter = arena.place(numbers(size, 0));
  const gradient = arena.empty("float32", size);
  const states = rule.states.map((state) => [state, arena.place(new Float32Array(size))] as const);
  const places = Object.fromEntries(states.map(([state, { byteOffset }]) => [state, byteOffset]));
  const addresses = { ...places, parameter: parameter.byteOffset, gradient: gradient.byteOffset };
  for (let step = 1; step <= steps; step++) {
    gradient.set(numbers(size, step));
    const work = planUpdate(rule, size, addresses as never, numbersOf(step), grain);
    const outputs = [parameter, ...states.map(([, values]) => values)];
    expect(arena.strayWrites(outputs, () => arena.run(work))).toEqual([]);
  }
  return parameter.slice();
}

/** The same by an optimiser of the engine. */
function expected(size: number, make: (parameter: Tensor) => { step(): void }): Float32Array {
  const parameter = tensor(numbers(size, 0), { requiresGrad: true });
  const optimizer = make(parameter);
  for (let step = 1; step <= steps; step++) {
    parameter.grad = tensor(numbers(size, step));
    optimizer.step();
  }
  return parameter.detach().dataSync() as Float32Array;
}

function expectClose(actual: Float32Array, wanted: Float32Array): void {
  expect(actual.length).toBe(wanted.length);
  for (const [i, want] of wanted.entries()) expect(Math.abs(actual[i]! - want)).toBeLessThan(1e-6);
}

const size = fc.oneof(fc.constantFrom(0, 1, 2, 3, 4, 7, 8), fc.integer({ min: 0, max: 200 }));
const grain = fc.integer({ min: 10, max: 300 });

describe("a generated update equals the engine's", () => {
  it("SGD, with or without momentum, dampening, Nesterov's step, weight decay", () => {
    const anyCase = fc.record({ size, grain, momentum: fc.constantFrom(0, 0.9), dampening: fc.constantFrom(0, 0.3) });
    const flags = fc.record({ nesterov: fc.boolean(), weightDecay: fc.constantFrom(0, 0.1), maximize: fc.boolean() });
    fc.assert(
      fc.property(anyCase, flags, (c, { weightDecay, maximize, ...wished }) => {
        const nesterov = wished.nesterov && c.momentum > 0 && c.dampening === 0;
        const { momentum, dampening } = c;
        const rule = sgdRule({ momentum: momentum > 0, nesterov, weightDecay: weightDecay > 0, maximize });
        const common = { lr: 0.05, weightDecay, momentum };
        const numbersOf = (step: number) => ({ ...common, share: step === 1 ? 1 : 1 - dampening });
        const options = { lr: 0.05, momentum, dampening, nesterov, weightDecay, maximize };
        expectClose(
          updated(rule, c.size, numbersOf, c.grain),
          expected(c.size, (w) => new optim.SGD([w], options)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("Adam and AdamW, with or without weight decay and amsgrad", () => {
    const anyCase = fc.record({ size, grain, amsgrad: fc.boolean(), maximize: fc.boolean() });
    fc.assert(
      fc.property(anyCase, fc.constantFrom("none", "gradient", "parameter"), (c, decay) => {
        const { amsgrad, maximize } = c;
        const [lr, beta1, beta2, eps] = [0.02, 0.9, 0.99, 1e-8];
        const weightDecay = decay === "none" ? 0 : 0.1;
        const numbersOf = (step: number) => ({
          ...{ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, eps },
          stepSize: lr / (1 - beta1 ** step),
          inverseRoot: 1 / Math.sqrt(1 - beta2 ** step),
          decay: decay === "parameter" ? 1 - lr * weightDecay : weightDecay,
        });
        const options = { lr, betas: [beta1, beta2], eps, weightDecay, amsgrad, maximize } as const;
        const rule = adamRule({ decay, amsgrad, maximize });
        const Optimizer = decay === "parameter" ? optim.AdamW : optim.Adam;
        const wanted = expected(c.size, (w) => new Optimizer([w], options));
        expectClose(updated(rule, c.size, numbersOf, c.grain), wanted);
      }),
      { numRuns: 100 },
    );
  });
});
