// The chart as a callback of the engine's fit: one output, fed by the hooks.

import { expect, test } from "vitest";
// Under another name: Biome takes fit( in a test file for a focused test.
import { type Callback, data, manualSeed, metrics, nn, optim, randn, fit as train } from "#engine";
import { PLOTLY_MIME, PROGRESS_MIME } from "#protocol";
import type { PlotlyFigure } from "../figure/plotly.ts";
import { FakeClock, RecordingSink } from "../test-host.ts";
import { TrainingChart, type TrainingChartOptions } from "./training-chart.ts";

function start(options: TrainingChartOptions) {
  const clock = new FakeClock();
  const sink = new RecordingSink(clock);
  const rasterise = async () => new Uint8Array();
  const chart: TrainingChart & Callback = new TrainingChart(options, { clock, sink, rasterise });
  return { clock, sink, chart };
}

function problem() {
  manualSeed(0);
  const points = randn([40, 2]);
  const labels = points.select(1, 0).gt(0).to("int32");
  const model = new nn.Linear(2, 2);
  return {
    model,
    loader: new data.DataLoader(new data.TensorDataset(points, labels), { batchSize: 8 }),
    options: {
      loss: nn.functional.crossEntropy,
      optimizer: new optim.Adam(model.parameters(), { lr: 0.1 }),
      metrics: { accuracy: new metrics.Accuracy(), f1: new metrics.F1Score() },
      epochs: 3,
    },
  };
}

const curves = (sink: RecordingSink) =>
  (sink.last[PLOTLY_MIME] as PlotlyFigure).data.flatMap((trace) =>
    trace.type === "scatter" && trace.name ? [[trace.name, trace.x.length, trace.x.at(-1)]] : [],
  );

test("fit draws curves of batches and points of epochs into one output", async () => {
  const { sink, chart } = start({ title: "Two classes" });
  expect(sink.shown).toHaveLength(0);
  const { model, loader, options } = problem();
  const history = await train(model, loader, { ...options, validation: loader, callbacks: [chart] });
  expect(new Set(sink.shown.map(({ displayId }) => displayId)).size).toBe(1);
  expect(sink.shown.map(({ update }) => update)).toEqual([false, ...sink.shown.slice(1).map(() => true)]);
  expect(sink.last[PROGRESS_MIME]).toMatchObject({ epoch: 3, epochs: 3, batch: 5, batches: 5, remainingMs: 0 });
  expect(curves(sink)).toEqual([
    ["loss", 15, 3],
    ["accuracy", 15, 3],
    ["f1", 3, 3],
    ["val loss", 3, 3],
    ["val accuracy", 3, 3],
    ["val f1", 3, 3],
  ]);
  const text = sink.last["text/plain"] as string;
  expect(text).toContain(`val accuracy ${(100 * history.epochs[2]!.valAccuracy!).toFixed(1)} %`);
});

test("a loader without a length gives epochs only", async () => {
  const { sink, chart } = start({});
  const { model, loader, options } = problem();
  const endless = { [Symbol.asyncIterator]: () => loader[Symbol.asyncIterator]() };
  await train(model, endless, { ...options, callbacks: [chart] });
  expect(curves(sink)).toEqual([
    ["loss", 3, 3],
    ["accuracy", 3, 3],
    ["f1", 3, 3],
  ]);
});

test("a chart for a second run starts again in its place", async () => {
  const { sink, chart } = start({ epochs: 9 });
  const { model, loader, options } = problem();
  for (let run = 0; run < 2; run++) await train(model, loader, { ...options, epochs: 1, callbacks: [chart] });
  expect(curves(sink)[0]).toEqual(["loss", 5, 1]);
  expect(sink.shown.filter(({ update }) => !update)).toHaveLength(1);
});

test("a chart that does not know its epochs says how to tell it", () => {
  const { chart } = start({});
  expect(() => chart.step({ loss: 1 })).toThrow(/chart\.step.*epochs.*\n.*callbacks: \[chart\]/);
});

test("a run without accuracy has no axis for it", async () => {
  const { sink, chart } = start({});
  const { model, loader, options } = problem();
  await train(model, loader, { ...options, metrics: {}, callbacks: [chart] });
  expect((sink.last[PLOTLY_MIME] as PlotlyFigure).layout.yaxis2).toBeUndefined();
  expect(curves(sink).map(([name]) => name)).toEqual(["loss"]);
});
