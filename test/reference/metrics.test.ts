// Metrics over several batches agree with formulas written out in numpy (make-training-goldens.py), as classes and functions.

import { describe, expect, it } from "vitest";
import { cat, metrics, type Tensor } from "#engine";
import { expectClose, type Golden, readGolden, toTensor } from "./golden.ts";

type Name = Extract<keyof typeof metrics, Uncapitalize<string>>;

const golden =
  readGolden<
    readonly {
      readonly metric: Name;
      readonly options: Readonly<Record<string, unknown>>;
      readonly batches: readonly (readonly [prediction: Golden, target: Golden])[];
      readonly value: number | readonly (number | readonly number[])[];
    }[]
  >("metrics");

const classes: Readonly<Record<string, new (options: never) => metrics.Metric<unknown>>> = {
  accuracy: metrics.Accuracy,
  confusionMatrix: metrics.ConfusionMatrix,
  precision: metrics.Precision,
  recall: metrics.Recall,
  f1Score: metrics.F1Score,
  meanSquaredError: metrics.MeanSquaredError,
  meanAbsoluteError: metrics.MeanAbsoluteError,
  r2Score: metrics.R2Score,
  perplexity: metrics.Perplexity,
  auroc: metrics.AUROC,
};

const flat = (value: unknown): number[] => [value].flat(3) as number[];
const numbersOf = async (value: unknown) =>
  typeof value === "object" && !Array.isArray(value) ? [...(await (value as Tensor).data())] : flat(value);

const rows = golden.map((row, index) => [`${row.metric} ${JSON.stringify(row.options)} (${index})`, row] as const);

describe("metrics", () => {
  it.each(rows)("%s", async (_, { metric, options, batches, value }) => {
    const tensors = batches.map(([prediction, target]) => [toTensor(prediction), toTensor(target)] as const);
    const counter = new classes[metric]!(options as never);
    for (let round = 0; round < 2; round++) {
      for (const [prediction, target] of tensors) counter.update(prediction, target);
      expectClose(await numbersOf(await counter.compute()), flat(value), 1e-6);
      counter.reset();
    }

    const compute = metrics[metric] as (p: Tensor, t: Tensor, options: unknown) => Promise<unknown>;
    const whole = [0, 1].map((part) => cat(tensors.map((batch) => batch[part]!)));
    expectClose(await numbersOf(await compute(whole[0]!, whole[1]!, options)), flat(value), 1e-6);
  });

  it("of every kind are in the goldens", () => {
    expect(new Set(golden.map(({ metric }) => metric))).toEqual(new Set(Object.keys(classes)));
  });
});
