// Normalisation and its gradient on whatever device the tests run on against the plain kernels: groups that are cut, that share a
// workgroup, and that lie side by side.

import { describe, expect, it } from "vitest";
import { dispatch } from "../../../ops/dispatch.ts";
import type { NormalizeParams } from "../../../ops/table.ts";
import { distance, drawn, plainly, toTensor, type Values } from "../against-plain.ts";

/** For software that stands in for a GPU. */
const slowly = 30_000;

const cases = [
  [1, 5, 7, "element"],
  [1, 300, 130, "element"],
  [1, 3, 20_000, "element"],
  [1, 9000, 4, "element"],
  [40, 3, 1, "group"],
  [40, 50, 2, "group"],
  [3, 5, 30, "group"],
  [16, 3, 1100, "group"],
  [2000, 40, 7, "group"],
] as const;

function operandsOf({ batch, groups, length, affine }: NormalizeParams) {
  const parameters = [affine === "group" ? groups : length];
  const shape = [batch, groups, length];
  return {
    x: drawn(shape, 1, 2),
    weight: drawn(parameters, 2),
    bias: drawn(parameters, 3),
    grad: drawn(shape, 4),
  };
}

/** The output and the gradients of all operands, from what the device itself has reserved. */
function onDevice({ x, weight, bias, grad }: ReturnType<typeof operandsOf>, params: NormalizeParams) {
  const leaves = [x, weight, bias].map((values) => toTensor(values).detach());
  for (const leaf of leaves) leaf.requiresGrad = true;
  const y = dispatch("normalize", leaves as never, params);
  y.mul(toTensor(grad)).sum().backward();
  return [y.detach(), ...leaves.map((leaf) => leaf.grad!)].map((values) => values.contiguous().dataSync());
}

function wanted({ x, weight, bias, grad }: ReturnType<typeof operandsOf>, params: NormalizeParams) {
  const { output, reserve } = plainly("normalize", [x, weight, bias], params);
  const { values } = plainly("normalizeBackward", [grad, x, weight, reserve], params).output;
  const [size, parameters] = [x.values.length, weight.values.length];
  return [output.values, values.slice(0, size), values.slice(size, size + parameters), values.slice(size + parameters)];
}

describe("normalisation and its gradient equal the plain kernels'", () => {
  it.each(cases)(
    "of %i × %i × %i, with parameters for each %s",
    (batch, groups, length, affine) => {
      const params = { batch, groups, length, affine, eps: 1e-5 };
      const operands = operandsOf(params);
      const expected = wanted(operands, params);
      const errors = onDevice(operands, params).map((values, i) => distance(values, expected[i]!));
      // Terms of both signs cancel in the sums over all rows, their rounding does not.
      expect(errors.map((error, i) => error < (i < 2 ? 2e-6 : 2e-5))).toEqual([true, true, true, true]);
    },
    slowly,
  );

  it("with a mean far from 0, where sums of squares would cancel", () => {
    const params = { batch: 40, groups: 3, length: 300, affine: "group", eps: 1e-5 } as const;
    const operands = operandsOf(params);
    const far: Values = { ...operands.x, values: (operands.x.values as Float32Array).map((value) => value + 1000) };
    const expected = wanted({ ...operands, x: far }, params);
    const actual = onDevice({ ...operands, x: far }, params);
    expect(distance(actual[0]!, expected[0]!)).toBeLessThan(1e-4);
  });

  it(
    "of very many equal rows, whose sums would round to one side",
    () => {
      for (const [batch, groups, length, affine] of [
        [200_000, 1, 1, "group"],
        [1, 50_000, 4, "element"],
      ] as const) {
        const params = { batch, groups, length, affine, eps: 1e-5 };
        const { x, weight, bias } = operandsOf(params);
        const grad = { ...x, values: new Float32Array(x.values.length).fill(0.1) };
        const rows = x.values.length / weight.values.length;
        for (const sum of onDevice({ x, weight, bias, grad }, params)[3]!) {
          expect(sum / (rows * Math.fround(0.1))).toBeCloseTo(1, 6);
        }
      }
    },
    slowly,
  );
});
