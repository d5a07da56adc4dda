import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TypedArray } from "../../../core/dtype.ts";
import { contiguousLayout } from "../../../core/layout.ts";
import { around, type Shape, sizeOf } from "../../../core/shape.ts";
import { configureEngine } from "../../../host.ts";
import { nn, type Tensor, tensor } from "../../../index.ts";
import { createPlainBackend } from "../../cpu/plain-backend.ts";
import { Arena } from "../arena.ts";
import type { Work } from "../work.ts";
import { planCrossEntropy, planCrossEntropyGradient, planSoftmax } from "./plan.ts";

// The oracle, whatever other tests run on.
configureEngine({ devices: { cpu: createPlainBackend() } });

const arena = new Arena();
const plain = createPlainBackend();

const numbers = (size: number, seed: number, scale = 4) =>
  new Float32Array(size).map((_, i) => (((Math.imul(i + seed * 77, 2654435761) >>> 9) % 1000) / 500 - 1) * scale);

function written(inputs: readonly TypedArray[], size: number, plan: (inputs: number[], result: number) => Work) {
  arena.clear();
  const places = inputs.map((values) => arena.place(values).byteOffset);
  const output = arena.empty("float32", size) as Float32Array;
  expect(arena.strayWrites([output], () => arena.run(plan(places, output.byteOffset)))).toEqual([]);
  return output.slice();
}

function expected(op: "softmax" | "logSoftmax", x: Float32Array, shape: Shape, dim: number): Float32Array {
  const buffer = new Float32Array(x.length);
  const input = { buffer: x, dtype: "float32", ...contiguousLayout(shape) } as const;
  plain.run(op, [input], { ...input, buffer }, { dim });
  return buffer;
}

function expectClose(actual: Float32Array, wanted: Float32Array, tolerance = 2e-6): void {
  expect(actual.length).toBe(wanted.length);
  for (const [i, want] of wanted.entries()) {
    if (Number.isFinite(want))
      expect(Math.abs(actual[i]! - want)).toBeLessThan(tolerance * Math.max(1, Math.abs(want)));
    else expect(actual[i]).toBe(want);
  }
}

const length = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 80 }));
const anyCase = fc.record({
  shape: fc.tuple(fc.integer({ min: 0, max: 9 }), length, fc.constantFrom(1, 1, 2, 3, 4, 5, 9)),
  ...{ seed: fc.nat(99), grain: fc.integer({ min: 10, max: 999 }) },
});

describe.each(["softmax", "logSoftmax"] as const)("a generated %s", (op) => {
  it("equals the plain one, along any dimension, in parts", () => {
    fc.assert(
      fc.property(anyCase, ({ shape, seed, grain }) => {
        const x = numbers(sizeOf(shape), seed, 20);
        const actual = written([x], x.length, (from, to) => planSoftmax(op, around(shape, 1), from, to, grain));
        expectClose(actual, expected(op, x, shape, 1));
      }),
      { numRuns: 200 },
    );
  });

  it("of long lines is right to the last digits", () => {
    for (const shape of [
      [2, 100_000, 1],
      [1, 30_000, 3],
    ]) {
      const x = numbers(sizeOf(shape), 1);
      const actual = written([x], x.length, (from, to) => planSoftmax(op, around(shape, 1), from, to, Infinity));
      const wanted = expected(op, x, shape, 1);
      const errors = wanted.map((want, i) => Math.abs(actual[i]! - want) / Math.abs(want));
      expect(errors.reduce((worst, error) => Math.max(worst, error), 0)).toBeLessThan(6e-7);
    }
  });

  it("gives what PyTorch gives for infinities and NaN", () => {
    for (const inner of [1, 4]) {
      for (const special of [Infinity, -Infinity, Number.NaN]) {
        for (let at = 0; at < 13; at++) {
          const shape = [1, 13, inner];
          const x = numbers(sizeOf(shape), at);
          x[at * inner] = special;
          const actual = written([x], x.length, (from, to) => planSoftmax(op, around(shape, 1), from, to, Infinity));
          expectClose(actual, expected(op, x, shape, 1));
        }
      }
    }
  });

  it("has the gradient of the rule", () => {
    fc.assert(
      fc.property(anyCase, ({ shape, seed, grain }) => {
        const [y, grad] = [expected(op, numbers(sizeOf(shape), seed), shape, 1), numbers(sizeOf(shape), seed + 1)];
        const { outer, length, inner } = around(shape, 1);
        const wanted = new Float32Array(y.length);
        for (let line = 0; line < outer * inner; line++) {
          const at = (k: number) => (Math.floor(line / inner) * length + k) * inner + (line % inner);
          let sum = 0;
          for (let k = 0; k < length; k++) sum += grad[at(k)]! * (op === "softmax" ? y[at(k)]! : 1);
          for (let k = 0; k < length; k++) {
            const value = y[at(k)]!;
            wanted[at(k)] = op === "softmax" ? value * (grad[at(k)]! - sum) : grad[at(k)]! - Math.exp(value) * sum;
          }
        }
        const plan = (from: number[], to: number) => planSoftmax(`${op}Gradient`, around(shape, 1), from, to, grain);
        expectClose(written([y, grad], y.length, plan), wanted, 1e-5);
      }),
      { numRuns: 200 },
    );
  });
});

describe("generated cross-entropy", () => {
  it.each(["mean", "none"] as const)(
    "and its gradient equal the engine's, with rows to ignore, in parts: %s",
    (reduction) => {
      const anyRows = fc.record({
        ...{ rows: fc.integer({ min: 1, max: 20 }), classes: fc.integer({ min: 1, max: 40 }) },
        ...{ seed: fc.nat(99), grain: fc.integer({ min: 10, max: 500 }) },
      });
      fc.assert(
        fc.property(anyRows, ({ rows, classes, seed, grain }) => {
          const logits = numbers(rows * classes, seed, 8);
          const ignore = -100;
          const targets = new Int32Array(rows).map((_, i) =>
            i > 0 && (i + seed) % 5 === 0 ? ignore : (i * 7) % classes,
          );
          const counted = targets.filter((target) => target !== ignore).length;
          const upper = numbers(rows, seed + 2);
          const x = tensor(logits, { requiresGrad: true });
          const engineLosses: Tensor = nn.functional.crossEntropy(x.reshape(rows, classes), tensor(targets), {
            ...{ reduction, ignoreIndex: ignore },
          });
          if (reduction === "none") engineLosses.mul(tensor(upper)).sum().backward();
          else engineLosses.backward();

          arena.clear();
          const [logitsAt, targetsAt] = [arena.place(logits).byteOffset, arena.place(targets).byteOffset];
          const scales = arena.place(reduction === "none" ? upper : new Float32Array([1 / counted]));
          const losses = arena.empty("float32", rows) as Float32Array;
          const probabilities = arena.empty("float32", logits.length);
          const result = arena.empty("float32", logits.length) as Float32Array;
          const request = { rows, classes, targets: targetsAt, ignore, grain };
          const places = { losses: losses.byteOffset, probabilities: probabilities.byteOffset };
          const forward = planCrossEntropy(request, { logits: logitsAt, ...places });
          const at = { ...places, scales: scales.byteOffset, result: result.byteOffset };
          const backward = planCrossEntropyGradient(request, at, reduction === "none");
          const act = () => arena.run(forward, backward);
          expect(arena.strayWrites([losses, probabilities, result], act)).toEqual([]);
          if (reduction === "none") expectClose(losses, engineLosses.dataSync() as Float32Array);
          else
            expect(losses.reduce((sum, loss) => sum + loss, 0) / counted).toBeCloseTo(
              engineLosses.itemSync() as number,
              5,
            );
          expectClose(result, x.grad!.dataSync() as Float32Array, 2e-6);
        }),
        { numRuns: 60 },
      );
    },
  );

  it("gives NaN where the target is no class", () => {
    arena.clear();
    const logits = arena.place(new Float32Array(6));
    const targets = arena.place(new Int32Array([3, -1]));
    const [losses, probabilities] = [arena.empty("float32", 2), arena.empty("float32", 6)];
    const request = { rows: 2, classes: 3, targets: targets.byteOffset, ignore: -100, grain: Infinity };
    const places = { losses: losses.byteOffset, probabilities: probabilities.byteOffset };
    arena.run(planCrossEntropy(request, { logits: logits.byteOffset, ...places }));
    expect([...losses]).toEqual([Number.NaN, Number.NaN]);
  });
});
