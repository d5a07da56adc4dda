// Walks through a golden file of op cases: runs each with the function of its name, compares values and gradients with
// PyTorch's. Used by the tests of this folder; cases are made by golden_cases.py.

import { describe, expect, it } from "vitest";
import { type Tensor, tensor } from "#engine";
import { expectGolden, type Golden, readGolden, toTensor } from "./golden.ts";

interface Case<P> {
  readonly op: string;
  readonly params: P;
  readonly inputs: readonly Golden[];
  readonly output: Golden;
  readonly gradients?: readonly (Golden | null)[];
}

/** What a case's name stands for. `P` is the type of all parameters of the file: each function reads its own. */
export type Run<P> = (inputs: readonly Tensor[], params: P) => Tensor;

/** One test for every case of `name`.golden.json. */
export function walkGoldens<P>(name: string, functions: Readonly<Record<string, Run<P>>>): void {
  const cases = readGolden<readonly Case<P>[]>(name);

  describe(`${name}: values and gradients are PyTorch's`, () => {
    it("has a function for every case and a case for every function", () => {
      expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual(Object.keys(functions).sort());
    });

    it.each(cases.map((golden, i) => [title(golden), i] as const))("%s", (_, i) => {
      const golden = cases[i]!;
      const inputs = golden.inputs.map((input) => toTensor(input, { requiresGrad: input.dtype === "float32" }));
      const output = functions[golden.op]!(inputs, golden.params);
      expectGolden(output, golden.output, 4e-6);
      expect(output.requiresGrad).toBe(golden.gradients !== undefined);
      if (golden.gradients === undefined) return;
      output.mul(weightsFor(output)).sum().backward();
      golden.gradients.forEach((gradient, input) => {
        if (gradient !== null) expectGolden(inputs[input]!.grad!, gradient, 1e-5);
      });
    });
  });
}

/** The weights of golden_cases.py: no two errors cancel. */
function weightsFor({ shape, numel }: Tensor): Tensor {
  return tensor(
    Float64Array.from({ length: numel }, (_, i) => Math.cos(1 + i)),
    { shape },
  );
}

function title<P>({ op, params, inputs }: Case<P>): string {
  const shapes = inputs.map(({ shape, dtype }) => `${dtype === "float32" ? "" : dtype}[${shape}]`).join(" ");
  return `${op} ${shapes} ${JSON.stringify(params)}`;
}

export const one =
  (fn: (x: Tensor) => Tensor): Run<unknown> =>
  ([x]) =>
    fn(x!);

export const two =
  (fn: (a: Tensor, b: Tensor) => Tensor): Run<unknown> =>
  ([a, b]) =>
    fn(a!, b!);
