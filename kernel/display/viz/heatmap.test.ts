import { expect, test } from "vitest";
import type { HeatmapTrace } from "../figure/plotly.ts";
import { tensor } from "../test-host.ts";
import { heatmapSpec } from "./heatmap.ts";

test("values on both sides of 0 are centred at 0, others fill the scale", async () => {
  expect((await heatmapSpec([[-1, 3]])).data[0]).toMatchObject({ zmin: -3, zmax: 3 });
  expect((await heatmapSpec([[1, 3]])).data[0]).toMatchObject({ zmin: 1, zmax: 3 });
  expect((await heatmapSpec([[2, 2]])).data[0]).toMatchObject({ zmin: 2, zmax: 3 });
});

test("a small matrix has its numbers written in, with the same decimals", async () => {
  const [{ text }] = (await heatmapSpec([[0.25, -1.5]])).data as [HeatmapTrace];
  expect(text).toEqual([["0.25", "−1.50"]]);
  const [whole] = (await heatmapSpec([[3, 400]])).data as [HeatmapTrace];
  expect(whole.text).toEqual([["3", "400"]]);
});

test("a large matrix has none", async () => {
  const [{ text }] = (await heatmapSpec(tensor([1, 1, 32, 32], (index) => index))).data as [HeatmapTrace];
  expect(text).toBeUndefined();
});

test("NaN leaves its cell empty", async () => {
  const [{ z }] = (await heatmapSpec([[1, Number.NaN]])).data as [HeatmapTrace];
  expect(z).toEqual([[1, null]]);
});

test("a batch and a matrix with cells below a pixel are refused at once", () => {
  expect(() => heatmapSpec(tensor([2, 8, 8], () => 0))).toThrow("expected a matrix [H, W], got [2, 8, 8]");
  expect(() => heatmapSpec(tensor([784, 10], () => 0))).toThrow("at most 200 rows and columns, got [784, 10]");
});
