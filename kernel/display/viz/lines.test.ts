import { expect, test } from "vitest";
import type { ScatterTrace } from "../figure/plotly.ts";
import { tensor } from "../test-host.ts";
import { linesSpec } from "./lines.ts";

test("series count their own positions, share x, or bring their own", async () => {
  const own = { x: [5, 6], y: [1, 2] };
  const { data } = await linesSpec({ series: { own, shared: [3, 4] }, x: [0.5, 1.5] });
  expect((data as ScatterTrace[]).map(({ x }) => x)).toEqual([
    [5, 6],
    [0.5, 1.5],
  ]);
  expect((await linesSpec({ series: { y: [7, 8, 9] } })).data[0]).toMatchObject({ x: [0, 1, 2], y: [7, 8, 9] });
});

test("only several series need a legend", async () => {
  expect((await linesSpec({ series: { a: [1] } })).layout.showlegend).toBe(false);
  expect((await linesSpec({ series: { a: [1], b: [2] } })).layout.showlegend).toBe(true);
});

test("a long series is drawn with at most a thousand points", async () => {
  const { data } = await linesSpec({ series: { long: tensor([100_000], Math.sin) } });
  expect((data[0] as ScatterTrace).x.length).toBeLessThanOrEqual(1_000);
});

test("a matrix and lengths that differ are refused at once", () => {
  expect(() => linesSpec({ series: { w: [[1], [2]] } })).toThrow('expected values [N] for series "w", got [2, 1]');
  expect(() => linesSpec({ series: { w: [1, 2] }, x: [1] })).toThrow('expected 2 x values for series "w", got [1]');
});
