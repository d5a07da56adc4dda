import { describe, expect, it } from "vitest";
import { tensorsLeftBy } from "../../../test/tensors-left.ts";
import { context } from "../../core/context.ts";
import { BackendError, gradients, models, nn, onMeta, rand, randn, tensor } from "../../index.ts";

describe("on the meta device", () => {
  it("networks of any size take no memory", () => {
    const layers: nn.Linear[] = [];
    expect(tensorsLeftBy(() => layers.push(onMeta(() => new nn.Linear(100_000, 100_000))))).toBe(0);
    expect(layers[0]!.weight.numel).toBe(1e10);
    expect(layers[0]!.weight.device).toBe("meta");
  });

  it("ops tell shapes, forward and backward, also of tensors that live elsewhere", () => {
    const model = models.leNet5();
    const output = onMeta(() => {
      const x = randn([8, 1, 32, 32], { requiresGrad: true });
      const logits = model.forward(x);
      return [logits.shape, gradients(logits.sum(), [x])[0].shape];
    });
    expect(output).toEqual([
      [8, 10],
      [8, 1, 32, 32],
    ]);
  });

  it("errors about shapes are the same", () => {
    expect(() => onMeta(() => rand([2, 3]).matmul(rand([2, 3])))).toThrow("matmul: inner sizes differ");
  });

  it("there are no values, and none outside afterwards", () => {
    const x = onMeta(() => tensor([1, 2]));
    expect(() => x.dataSync()).toThrow(BackendError);
    const { device } = context;
    expect(() => x.add(tensor([1, 2]))).toThrow(
      `add: operands live on different devices: [2] on meta, [2] on ${device}`,
    );
    expect(tensor([1]).device).toBe(device);
  });
});
