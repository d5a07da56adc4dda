import { describe, expect, it } from "vitest";
import { AnomalyError, detectAnomaly, manualSeed, nn, randn, softmax, tensor } from "../index.ts";

const leaf = (...values: number[]) => tensor(values, { requiresGrad: true });

describe("detectAnomaly", () => {
  it("names the first op that makes NaN or infinity, where, and what it was given", () => {
    const x = leaf(1, -4);
    expect(() => detectAnomaly(() => x.mul(2).sqrt().sum())).toThrow(
      "sqrt: made NaN at [1] of [2] from inputs between -8 and 2",
    );
    expect(() => detectAnomaly(() => tensor([1, 2]).div(tensor([1, 0])))).toThrow("div: made Infinity at [1]");
    expect(() => detectAnomaly(() => tensor([[100]]).exp())).toThrow("exp: made Infinity at [0, 0] of [1, 1]");
  });

  it("names the op whose gradient went wrong, and where it was called", () => {
    const x = leaf(0, 1);
    let error: unknown;
    try {
      detectAnomaly(() => x.sqrt().sum().backward());
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AnomalyError);
    expect(error).toMatchObject({ op: "div", backwardOf: "sqrt" });
    expect(String(error)).toContain("in the gradient of sqrt");
    expect(((error as AnomalyError).cause as Error).stack).toContain("anomaly.test.ts");
  });

  it("finds NaN in the data", () => {
    const layer = new nn.Linear(2, 1);
    expect(() => detectAnomaly(() => layer.forward(tensor([[1, Number.NaN]])))).toThrow(
      "linear: was given NaN at [0, 1] of a leaf of shape [1, 2]",
    );
  });

  it("lets infinities of a mask through, and healthy training", () => {
    manualSeed(0);
    const x = randn([2, 3], { requiresGrad: true });
    detectAnomaly(() =>
      softmax(x.add(tensor([0, -Infinity, 0])), 1)
        .sum()
        .backward(),
    );
    expect(x.grad?.shape).toEqual([2, 3]);
  });

  it("ends with its function", async () => {
    await detectAnomaly(async () => {});
    expect(tensor([0]).log().toArraySync()).toEqual([-Infinity]);
  });
});
