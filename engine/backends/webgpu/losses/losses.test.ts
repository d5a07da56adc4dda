// Losses and their gradients on whatever device the tests run on against the plain kernels.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dispatch } from "../../../ops/dispatch.ts";
import { distance, drawn, drawnIndices, plainly, toTensor, type Values } from "../against-plain.ts";

const reductions = ["mean", "sum", "none"] as const;
const runs = { numRuns: 15 };
const anyCase = fc.record({
  rows: fc.constantFrom(1, 3, 40, 5000),
  classes: fc.constantFrom(1, 3, 10, 100, 1100),
  inner: fc.constantFrom(1, 4),
  reduction: fc.constantFrom(...reductions),
  /** Targets of this class count for nothing; there may be none. */
  ignoreIndex: fc.constantFrom(-100, 0),
  seed: fc.nat(99),
});

const small = anyCase.filter(({ rows, classes, inner }) => rows * classes * inner <= 100_000);

describe("losses equal the plain kernels'", () => {
  it("crossEntropy and its gradient", () => {
    fc.assert(
      fc.property(small, ({ rows, classes, reduction, ignoreIndex, seed }) => {
        const x = drawn([rows, classes], seed, 20);
        const target = drawnIndices([rows], seed + 1, classes);
        const params = { reduction, ignoreIndex };
        const { output, reserve } = plainly("crossEntropy", [x, target], params);
        const grad = drawn(output.shape, seed + 2);
        const backward = { ...params, shape: x.shape };
        const slopes = plainly("crossEntropyBackward", [grad, target, reserve], backward).output.values;
        const leaf = toTensor(x).detach();
        leaf.requiresGrad = true;
        const y = dispatch("crossEntropy", [leaf, toTensor(target)], params);
        y.mul(toTensor(grad)).sum().backward();
        expect(distance(y.detach().dataSync(), output.values)).toBeLessThan(1e-6);
        expect(distance(leaf.grad!.dataSync(), slopes)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });

  it("nllLoss and its gradient", () => {
    fc.assert(
      fc.property(small, ({ rows, classes, inner, reduction, ignoreIndex, seed }) => {
        const x = drawn([rows, classes, inner], seed);
        const target = drawnIndices([rows, inner], seed + 1, classes);
        const params = { reduction, ignoreIndex };
        const { output } = plainly("nllLoss", [x, target], params);
        const actual = dispatch("nllLoss", [toTensor(x), toTensor(target)], params).dataSync();
        // Terms of both signs cancel in the sum, their rounding does not.
        expect(distance(actual, output.values)).toBeLessThan(1e-8 * rows * inner + 1e-6);
        const given = [drawn(output.shape, seed + 2), target];
        const backward = { ...params, shape: x.shape };
        const slopes = dispatch("nllLossBackward", given.map(toTensor) as never, backward).dataSync();
        expect(distance(slopes, plainly("nllLossBackward", given, backward).output.values)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });

  it("mseLoss and its gradient", () => {
    fc.assert(
      fc.property(small, ({ rows, classes, reduction, seed }) => {
        const shape = [rows, classes];
        const given = [drawn(shape, seed), drawn(shape, seed + 1)];
        const { output } = plainly("mseLoss", given, { reduction });
        const actual = dispatch("mseLoss", given.map(toTensor) as never, { reduction }).dataSync();
        expect(distance(actual, output.values)).toBeLessThan(1e-6);
        const all = [drawn(output.shape, seed + 2), ...given];
        const slopes = dispatch("mseLossBackward", all.map(toTensor) as never, { reduction }).dataSync();
        expect(distance(slopes, plainly("mseLossBackward", all, { reduction }).output.values)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });
});

describe("losses at the borders", () => {
  const nan: Values = { shape: [2, 3], values: Float32Array.of(1, Number.NaN, 2, 1, 2, 3) };
  const infinite: Values = { shape: [2, 3], values: Float32Array.of(1, -Infinity, 2, 1000, 2, -1000) };
  const target = (...labels: number[]): Values => ({ shape: [labels.length], values: Int32Array.from(labels) });

  it.each([
    ["NaN", nan, [0, 1]],
    ["infinity", infinite, [1, 2]],
    ["infinity elsewhere", infinite, [0, 0]],
  ] as const)("of %s among the logits are the plain kernels'", (_, x, labels) => {
    for (const reduction of reductions) {
      const params = { reduction, ignoreIndex: -100 };
      const given = [x, target(...labels)];
      const actual = dispatch("crossEntropy", given.map(toTensor) as never, params).dataSync();
      expect(distance(actual, plainly("crossEntropy", given, params).output.values)).toBeLessThan(1e-6);
    }
  });

  it("of nothing but ignored targets are 0, and NaN in the mean", () => {
    for (const op of ["crossEntropy", "nllLoss"] as const) {
      const given = [drawn([2, 3], 1), target(-100, -100)];
      const losses = reductions.map((reduction) =>
        Array.from(dispatch(op, given.map(toTensor) as never, { reduction, ignoreIndex: -100 }).dataSync()),
      );
      expect(losses).toEqual([[Number.NaN], [0], [0, 0]]);
    }
  });

  it("of no rows are 0, and NaN in the mean", () => {
    const nothing = { shape: [0, 3], values: new Float32Array(0) };
    const losses = (["mean", "sum"] as const).flatMap((reduction) => {
      const params = { reduction, ignoreIndex: -100 };
      const both = [toTensor(nothing), toTensor({ shape: [0], values: new Int32Array(0) })] as const;
      const mse = dispatch("mseLoss", [both[0], both[0]], { reduction });
      return [dispatch("crossEntropy", both, params), dispatch("nllLoss", both, params), mse];
    });
    expect(losses.map((loss) => loss.dataSync()[0])).toEqual([NaN, NaN, NaN, 0, 0, 0]);
  });

  it("name a target that is no class", () => {
    for (const op of ["crossEntropy", "nllLoss"] as const) {
      for (const wrong of [3, -1]) {
        const given = [drawn([2, 3], 1), target(0, wrong)];
        const run = () =>
          dispatch(op, given.map(toTensor) as never, { reduction: "mean", ignoreIndex: -100 }).dataSync();
        expect(run).toThrow(`nllLoss: index ${wrong} is out of range for 3 entries`);
      }
    }
  });
});
