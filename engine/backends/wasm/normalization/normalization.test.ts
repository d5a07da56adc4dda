import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configureEngine } from "../../../host.ts";
import { nn, type Tensor, tensor } from "../../../index.ts";
import { dispatch } from "../../../ops/dispatch.ts";
import { createPlainBackend } from "../../cpu/plain-backend.ts";
import { Arena } from "../arena.ts";
import type { Affine } from "./normalize.ts";
import { type Groups, planAffineGradient, planNormalize, planNormalizeGradient } from "./plan.ts";

// The oracle, whatever other tests run on.
configureEngine({ devices: { cpu: createPlainBackend() } });

const arena = new Arena(2 ** 24);
const eps = 1e-5;

const numbers = (size: number, seed: number) =>
  new Float32Array(size).map((_, i) => ((Math.imul(i + seed * 77, 2654435761) >>> 9) % 1000) / 250 - 1);

/** What the kernels make of x, of the gradient of y, and of weight and bias. */
function run(g: Groups, affine: Affine, x: Float32Array, upper: Float32Array, seed: number, grain: number) {
  arena.clear();
  const parameters = affine === "element" ? g.length : g.groups;
  const place = (values: Float32Array) => arena.place(values);
  const empty = (size: number) => arena.empty("float32", size) as Float32Array;
  const input = { x: place(x), grad: place(upper), weight: place(numbers(parameters, seed + 2)) };
  const bias = place(numbers(parameters, seed + 3));
  const statistics = { mean: empty(g.groups), variance: empty(g.groups), inverse: empty(g.groups) };
  const y = empty(x.length);
  const gradients = { gradX: empty(x.length), gradWeight: empty(parameters), gradBias: empty(parameters) };
  const all = { ...input, bias, ...statistics, y, ...gradients };
  const at = Object.fromEntries(Object.entries(all).map(([name, { byteOffset }]) => [name, byteOffset]));
  const addresses = at as Record<keyof typeof all, number>;
  const outputs = [...Object.values(statistics), y, ...Object.values(gradients)];
  const strays = arena.strayWrites(outputs, () => {
    arena.run(planNormalize(g, affine, eps, addresses, grain));
    arena.run(planNormalizeGradient(g, affine, addresses, grain));
    if (affine === "element") arena.run(planAffineGradient(g, addresses, grain));
  });
  expect(strays).toEqual([]);
  return all;
}

/** Compares with what the engine's function and its gradient give. */
function check(
  actual: ReturnType<typeof run>,
  affine: Affine,
  compute: (x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined) => Tensor,
): void {
  const leaf = (values: Float32Array) => tensor(values.slice(), { requiresGrad: true });
  const x = leaf(actual.x);
  const [weight, bias] = affine === "none" ? [] : [leaf(actual.weight), leaf(actual.bias)];
  const y = compute(x, weight, bias).flatten();
  y.mul(tensor(actual.grad.slice())).sum().backward();
  expectClose(actual.y, y.detach());
  expectClose(actual.gradX, x.grad!);
  if (affine === "none") return;
  expectClose(actual.gradWeight, weight!.grad!);
  expectClose(actual.gradBias, bias!.grad!);
}

function expectClose(actual: Float32Array, wanted: Tensor): void {
  const values = Array.from(wanted.dataSync());
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const errors = values.map((want, i) => Math.abs(actual[i]! - want));
  expect(errors.length).toBe(actual.length);
  expect(Math.max(0, ...errors)).toBeLessThan(1e-4 * largest);
}

const seed = fc.nat(99);
const grain = fc.integer({ min: 10, max: 999 });

describe("generated normalisation and its gradient equal the engine's", () => {
  it.each(["none", "element"] as const)("of rows, with weight and bias: %s", (affine) => {
    const anyCase = fc.record({ groups: fc.integer({ min: 1, max: 50 }), length: fc.integer({ min: 3, max: 50 }) });
    fc.assert(
      fc.property(anyCase, seed, grain, ({ groups, length }, s, parts) => {
        const [x, upper] = [numbers(groups * length, s), numbers(groups * length, s + 1)];
        const actual = run({ batch: 1, groups, length }, affine, x, upper, s, parts);
        check(actual, affine, (rows, weight, bias) =>
          nn.functional.layerNorm(rows.reshape(groups, length), [length], { weight, bias, eps }),
        );
      }),
      { numRuns: 60 },
    );
  });

  it.each(["none", "group"] as const)("of channels, planes or single elements, with weight and bias: %s", (affine) => {
    const anyCase = fc.record({
      ...{ batch: fc.integer({ min: 3, max: 40 }), groups: fc.integer({ min: 1, max: 22 }) },
      length: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 21 })),
    });
    fc.assert(
      fc.property(anyCase, seed, grain, (g, s, parts) => {
        const size = g.batch * g.groups * g.length;
        const actual = run(g, affine, numbers(size, s), numbers(size, s + 1), s, parts);
        check(actual, affine, (x, weight, bias) =>
          nn.functional.batchNorm(x.reshape(g.batch, g.groups, g.length), { weight, bias, eps, training: true }),
        );
        const inverse = actual.variance.map((variance) => 1 / Math.sqrt(variance + eps));
        for (const [i, want] of inverse.entries()) expect(actual.inverse[i]! / want).toBeCloseTo(1, 5);
      }),
      { numRuns: 60 },
    );
  });

  it("of samples whose runs have a weight and bias for each element", () => {
    const anyCase = fc.record({
      ...{ batch: fc.integer({ min: 2, max: 9 }), groups: fc.integer({ min: 1, max: 9 }) },
      length: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 40 })),
    });
    fc.assert(
      fc.property(anyCase, seed, grain, (g, s, parts) => {
        const size = g.batch * g.groups * g.length;
        const actual = run(g, "element", numbers(size, s), numbers(size, s + 1), s, parts);
        check(actual, "element", (x, weight, bias) => {
          const params = { ...g, affine: "element", eps } as const;
          return dispatch("normalize", [x, weight!, bias!], params);
        });
      }),
      { numRuns: 60 },
    );
  });

  it("of very many equal rows, whose sums would round to one side", () => {
    const rows = 200_000;
    const tenths = new Float32Array(rows).fill(0.1);
    const columns = run({ batch: rows, groups: 1, length: 1 }, "group", tenths, tenths, 0, Infinity);
    expect(columns.mean[0]! / Math.fround(0.1)).toBeCloseTo(1, 6);
    expect(columns.gradBias[0]! / (rows * Math.fround(0.1))).toBeCloseTo(1, 6);
    const grad = new Float32Array(rows * 4).fill(0.1);
    const four = run({ batch: 1, groups: rows, length: 4 }, "element", numbers(rows * 4, 1), grad, 0, Infinity);
    for (const sum of four.gradBias) expect(sum / (rows * Math.fround(0.1))).toBeCloseTo(1, 6);
  });

  it("with a mean far from 0, where sums of squares would cancel", () => {
    const g = { batch: 4, groups: 3, length: 100 };
    const x = numbers(1200, 1).map((value) => value + 1000);
    const actual = run(g, "none", x, numbers(1200, 2), 0, Infinity);
    const own = Array.from(x).filter((_, i) => Math.floor(i / 100) % 3 === 1);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
    expect(actual.variance[1]! / variance).toBeCloseTo(1, 5);
    expect(actual.mean[1]!).toBeCloseTo(mean, 3);
  });
});
