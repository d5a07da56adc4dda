import { describe, expect, it } from "vitest";
import { ArgumentError, DtypeError, memory, metrics, ShapeError, tensor, zeros } from "../index.ts";

const ints = (values: number[]) => tensor(values, { dtype: "int32" });
const scores = tensor([
  [0.1, 0.7, 0.2],
  [0.8, 0.1, 0.1],
]);

describe("metrics", () => {
  it.each([
    ["class 3 is out of range for 3 classes", () => metrics.accuracy(scores, ints([1, 3]))],
    ["class -1 is out of range for 3 classes", () => metrics.accuracy(scores, ints([1, -1]), { topK: 2 })],
    ["class 5 is out of range for 3 classes", () => metrics.confusionMatrix(scores, ints([1, 5]))],
    ["class 9 is out of range for 3 classes", () => metrics.f1Score(ints([9]), ints([1]), { numClasses: 3 })],
    ["class 3 is out of range for 3 classes", () => metrics.perplexity(scores, ints([1, 3]))],
    ["class 2 is out of range for 2 classes", () => metrics.auroc(tensor([0.5, 1]), ints([0, 2]))],
    ["class 2 is out of range for 2 classes", () => metrics.accuracy(tensor([0.5, 1]), ints([0, 2]))],
  ])("tell which %s", async (message, compute) => {
    await expect(compute()).rejects.toThrow(ArgumentError);
    await expect(compute()).rejects.toThrow(message);
  });

  it("accept the classes at both ends", async () => {
    expect(await metrics.accuracy(scores, ints([2, 0]))).toBe(0.5);
    expect((await metrics.confusionMatrix(scores, ints([2, 0]))).toArraySync()).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [0, 1, 0],
    ]);
  });

  it("take the float32 targets of binary cross-entropy, but no fractions", async () => {
    const probabilities = tensor([[0.9], [0.2], [0.6]]);
    expect(await metrics.accuracy(probabilities, tensor([[1], [0], [0]]))).toBeCloseTo(2 / 3);
    expect(await metrics.auroc(probabilities, tensor([[1], [0], [0]]))).toBe(1);
    await expect(metrics.accuracy(probabilities, tensor([[0.5], [0], [1]]))).rejects.toThrow(
      "class -1 is out of range",
    );
  });

  it.each([
    [
      ShapeError,
      "shapes differ, prediction [2], target [2, 1]",
      () => new metrics.MeanSquaredError().update(zeros([2]), zeros([2, 1])),
    ],
    [
      ShapeError,
      "expected one output a sample, target [2, 3]",
      () => new metrics.R2Score().update(zeros([2, 3]), zeros([2, 3])),
    ],
    [ShapeError, "prediction does not match the target", () => new metrics.Accuracy().update(scores, ints([1, 2, 0]))],
    [
      DtypeError,
      "targets are class numbers of dtype int32",
      () => new metrics.Accuracy().update(scores, tensor([1, 2])),
    ],
    [ArgumentError, "topK must be whole and at least 1, got 0", () => new metrics.Accuracy({ topK: 0 })],
    [ArgumentError, "topK 2 needs scores", () => new metrics.Accuracy({ topK: 2 }).update(ints([1]), ints([1]))],
    [ArgumentError, "need numClasses, got none", () => new metrics.Precision().update(ints([1]), ints([1]))],
    [ArgumentError, "average must be macro, micro", () => new metrics.Recall({ average: "mean" as never })],
    [ArgumentError, "weight must be above 0, got 0", () => new metrics.MeanMetric().update(1, 0)],
  ] as const)("throw %o: %s", (kind, message, act) => {
    expect(act).toThrow(kind);
    expect(act).toThrow(message);
  });

  it.each([new metrics.Accuracy(), new metrics.ConfusionMatrix(), new metrics.AUROC(), new metrics.MeanMetric()])(
    "refuse to compute nothing",
    async (metric) => {
      await expect(metric.compute()).rejects.toThrow("compute() needs at least one update()");
    },
  );

  it("can be computed on the way, and take empty batches", async () => {
    const accuracy = new metrics.Accuracy();
    accuracy.update(scores, ints([1, 1]));
    expect(await accuracy.compute()).toBe(0.5);
    accuracy.update(zeros([0, 3]), ints([]));
    accuracy.update(scores, ints([1, 0]));
    expect(await accuracy.compute()).toBe(0.75);
    expect(accuracy.batchValue()!.itemSync()).toBe(1);
  });

  it("are the same for reads that overlap", async () => {
    const mean = new metrics.MeanMetric();
    mean.update(1);
    const first = mean.compute();
    mean.update(3);
    expect(await Promise.all([first, mean.compute()])).toEqual([2, 2]);
  });

  it("keep gradients out, and only a few numbers in", async () => {
    const logits = tensor([[0.1, 0.9]], { requiresGrad: true });
    const [accuracy, matrix] = [new metrics.Accuracy(), new metrics.ConfusionMatrix()];
    const update = () => {
      const output = logits.mul(2);
      accuracy.update(output, ints([1]));
      matrix.update(output, ints([1]));
      output.dispose();
    };
    update();
    expect(accuracy.batchValue()!.requiresGrad).toBe(false);
    const before = memory().bytes;
    for (let step = 0; step < 1000; step++) update();
    // Three numbers a batch, and those of the targets and ops that the collector has not taken yet.
    expect(await accuracy.compute()).toBe(1);
    expect((await matrix.compute()).toArraySync()).toEqual([
      [0, 0],
      [0, 1001],
    ]);
    expect(memory().bytes - before).toBeLessThan(64_000);
  });
});
