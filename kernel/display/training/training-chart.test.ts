import { decode } from "fast-png";
import { expect, test } from "vitest";
import { PLOTLY_MIME, PROGRESS_MIME } from "#protocol";
import type { PlotlyFigure } from "../figure/plotly.ts";
import { createRasteriser, PIXEL_RATIO } from "../svg/rasterise.ts";
import { FakeClock, RecordingSink, readAsset } from "../test-host.ts";
import { TrainingChart, type TrainingChartOptions } from "./training-chart.ts";

const rasterise = createRasteriser(readAsset);

function start(options: TrainingChartOptions) {
  const clock = new FakeClock();
  const sink = new RecordingSink(clock);
  return { clock, sink, chart: new TrainingChart(options, { clock, sink, rasterise }) };
}

const lossAt = (step: number) => 2.3 * Math.exp(-step / 40) + 0.05 * Math.abs(Math.sin(step * 78.233));

test("the chart takes its place in the output before the first batch", () => {
  const { sink } = start({ epochs: 2, batches: 10 });
  expect(sink.shown).toHaveLength(1);
  expect(sink.shown[0]?.update).toBe(false);
  expect(sink.last["text/plain"]).toContain("waiting for the first batch");
});

test.each(["blockFor", "advance"] as const)("at most ten updates a second whatever the loop's speed (%s)", (pass) => {
  const { clock, sink, chart } = start({ epochs: 1, batches: 5_000 });
  for (let step = 0; step < 5_000; step++) {
    chart.step({ loss: lossAt(step), accuracy: 0.5 });
    clock[pass](1);
  }
  const updates = sink.shown.filter(({ update }) => update);
  expect(updates.length).toBeGreaterThanOrEqual(49);
  expect(updates.length).toBeLessThanOrEqual(51);
  const gaps = updates.slice(1).map(({ atMs }, index) => atMs - (updates[index]?.atMs ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
});

test("all updates go to one output, and every one carries figure, progress and text but no picture", () => {
  const { clock, sink, chart } = start({ epochs: 1, batches: 20 });
  for (let step = 0; step < 20; step++) {
    chart.step({ loss: lossAt(step) });
    clock.advance(100);
  }
  expect(new Set(sink.shown.map(({ displayId }) => displayId)).size).toBe(1);
  for (const { bundle } of sink.shown) {
    expect(Object.keys(bundle).sort()).toEqual([PROGRESS_MIME, PLOTLY_MIME, "text/plain"].sort());
  }
});

test("when the loop pauses, the last batches still arrive", () => {
  const { clock, sink, chart } = start({ epochs: 1, batches: 45 });
  chart.step({ loss: 2 });
  chart.step({ loss: 1 });
  expect(sink.last[PROGRESS_MIME]).toMatchObject({ batch: 1 });
  clock.advance(100);
  expect(sink.last[PROGRESS_MIME]).toMatchObject({ batch: 2, batches: 45 });
  expect(clock.alarms).toBe(0);
});

test("done sends the whole run with a picture, and nothing comes after it", async () => {
  const { clock, sink, chart } = start({ epochs: 3, batches: 45, title: "LeNet-5" });
  for (let step = 1; step <= 135; step++) {
    chart.step({ loss: lossAt(step), accuracy: 1 - lossAt(step) / 2.5 });
    if (step % 45 === 0) chart.epochEnd({ testAccuracy: 0.9 });
    clock.blockFor(7);
  }
  await chart.done();
  const { data } = sink.last[PLOTLY_MIME] as PlotlyFigure;
  const named = data.flatMap((trace) => (trace.type === "scatter" && trace.name ? [trace] : []));
  expect(named.map(({ name, yaxis }) => [name, yaxis])).toEqual([
    ["loss", undefined],
    ["accuracy", "y2"],
    ["test accuracy", "y2"],
  ]);
  expect(named.map(({ x }) => x.at(-1))).toEqual([3, 3, 3]);
  expect(sink.last[PROGRESS_MIME]).toMatchObject({ epoch: 3, batch: 45, remainingMs: 0 });
  expect(sink.last["text/plain"]).toMatch(/^LeNet-5 · 3 epochs in 0.9 s · loss .* · test accuracy 90.0 %/);
  const png = Buffer.from(sink.last["image/png"] as string, "base64");
  expect(decode(png)).toMatchObject({ width: 760 * PIXEL_RATIO, height: 400 * PIXEL_RATIO });
  const messages = sink.shown.length;
  clock.advance(10_000);
  expect(sink.shown).toHaveLength(messages);
});

test("an update of a long run with four metrics stays below 40 KB", () => {
  const { clock, sink, chart } = start({ epochs: 100, batches: 1_000 });
  for (let step = 1; step <= 100_000; step++) {
    chart.step({ loss: lossAt(step / 1000), accuracy: Math.abs(Math.sin(step)) });
    if (step % 1_000 === 0) chart.epochEnd({ testLoss: lossAt(step / 1000), testAccuracy: 0.987654321 });
  }
  clock.advance(100);
  const { data } = sink.last[PLOTLY_MIME] as PlotlyFigure;
  expect(Math.max(...data.map((trace) => (trace.type === "scatter" ? trace.x.length : 0)))).toBeLessThanOrEqual(500);
  expect(JSON.stringify(sink.last).length).toBeLessThan(40_000);
});

test("a forgotten await is told at the line that forgot it", () => {
  const { chart } = start({ epochs: 1 });
  const forgotten = Promise.resolve(1) as unknown as number;
  expect(() => chart.step({ loss: forgotten })).toThrow(/a number for "loss", got object\n {2}hint: .*await loss.item/);
});

test.each([{ epochs: 0 }, { epochs: 1.5 }, { epochs: 2, batches: -1 }])("%o is refused", (options) => {
  expect(() => start(options)).toThrow("to be a whole number above 0");
});
