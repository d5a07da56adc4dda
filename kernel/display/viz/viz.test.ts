// What holds for every picture: all three representations, a PNG of the figure's size, small JSON.

import { decode } from "fast-png";
import { expect, test } from "vitest";
import { PLOTLY_MIME } from "#protocol";
import type { PlotlyFigure } from "../figure/plotly.ts";
import { createDisplayApi } from "../index.ts";
import { DISPLAY } from "../mime-bundle.ts";
import type { TensorLike } from "../numbers.ts";
import { PIXEL_RATIO } from "../svg/rasterise.ts";
import { evaluate, RecordingSink, readAsset, tensor } from "../test-host.ts";

const sink = new RecordingSink();
const { viz, display, settled } = createDisplayApi({ sink, readAsset, evaluate });
const wave = (index: number) => Math.sin(index * 12.9898);

/** A function of two variables, as a function of points [N, 2]. */
function ofPlane(f: (x: number, y: number) => number): (points: TensorLike) => TensorLike {
  return ({ shape: [count = 0], data }) => ({
    shape: [count],
    dtype: "float32",
    data: async () => {
      const values = await data();
      return Float32Array.from({ length: count }, (_, i) => f(values[2 * i] as number, values[2 * i + 1] as number));
    },
  });
}

const pictures = {
  lines: viz.lines({ series: { sine: tensor([50], wave), ramp: [0, 1, 2] }, title: "α → β", xLabel: "x", yLabel: "y" }),
  filters: viz.filters(tensor([6, 1, 5, 5], wave)),
  "filters of many channels": viz.filters(tensor([120, 16, 5, 5], wave)),
  compareFilters: viz.compareFilters(
    tensor([6, 1, 5, 5], wave),
    tensor([6, 1, 5, 5], (index) => 2 * wave(index)),
  ),
  images: viz.images(
    tensor([40, 1, 32, 32], (index) => (index % 32) / 31),
    { labels: tensor([40], (index) => index % 10) },
  ),
  heatmap: viz.heatmap(tensor([5, 5], wave), { title: "Kernel <5 & 5>", xLabel: "x", yLabel: "y" }),
  scatter: viz.scatter(tensor([30, 2], wave), { labels: tensor([30], (index) => index % 2), classes: ["a", "b"] }),
  decisionBoundary: viz.decisionBoundary(
    ofPlane((x, y) => x * y),
    {
      points: tensor([30, 2], wave),
      labels: tensor([30], (index) => index % 2),
    },
  ),
  contour: viz.contour(
    ofPlane((x, y) => x * x + 4 * y * y),
    {
      xRange: [-1, 1],
      yRange: [-1, 1],
      path: [
        [0.9, 0.9],
        [0, 0],
      ],
      xLabel: "w1",
      yLabel: "w2",
    },
  ),
  network: viz.network([tensor([3, 2], wave), tensor([1, 3], wave)], { biases: [tensor([3], wave), [0.5]] }),
  confusionMatrix: viz.confusionMatrix([0, 1, 1], [0, 1, 0]),
};

test.each(Object.entries(pictures))("%s is a Plotly figure, a PNG of its size and a text", async (_, figure) => {
  const bundle = await figure[DISPLAY]();
  const { data, layout } = bundle[PLOTLY_MIME] as PlotlyFigure;
  expect(data.length).toBeGreaterThan(0);
  expect(JSON.stringify(bundle[PLOTLY_MIME]).length).toBeLessThan(250_000);
  const png = Buffer.from(bundle["image/png"] as string, "base64");
  const { width, height } = decode(png);
  expect(Math.abs(width - (layout.width ?? 760) * PIXEL_RATIO)).toBeLessThanOrEqual(1);
  expect(Math.abs(height - layout.height * PIXEL_RATIO)).toBeLessThanOrEqual(1);
  expect(bundle["text/plain"]).toMatch(/\w/);
});

test.each(Object.entries(pictures))("%s leaves the page's background alone", async (_, figure) => {
  const { layout } = await figure.toPlotly();
  expect([layout.paper_bgcolor, layout.plot_bgcolor]).toEqual(["rgba(0,0,0,0)", "rgba(0,0,0,0)"]);
});

test("a figure shows the values of the moment when it was made", async () => {
  const values = Float32Array.of(1, 2);
  const figure = viz.lines({ series: { w: { shape: [2], dtype: "float32", data: async () => values.slice() } } });
  await Promise.resolve();
  values[0] = 9;
  expect((await figure.toPlotly()).data[0]).toMatchObject({ y: [1, 2] });
});

test("display shows a figure in its place", async () => {
  display(pictures.confusionMatrix);
  await settled();
  expect(Object.keys(sink.last)).toEqual([PLOTLY_MIME, "image/png", "text/plain"]);
});

test("a figure whose tensor cannot be read fails where it is shown, and nowhere else", async () => {
  const data = () => Promise.reject(new Error("disposed"));
  const figure = viz.heatmap({ shape: [2, 2], dtype: "float32", data });
  await expect(figure[DISPLAY]()).rejects.toThrow("disposed");
});
