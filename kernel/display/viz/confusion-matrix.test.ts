import { expect, test } from "vitest";
import type { HeatmapTrace } from "../figure/plotly.ts";
import { tensor } from "../test-host.ts";
import { confusionMatrixSpec, confusionsSpec } from "./confusion-matrix.ts";

test("rows are what it was, columns what was said", async () => {
  const { data, layout, text } = await confusionsSpec([0, 1, 1, 2], [0, 1, 2, 2]);
  const [{ text: counts }] = data as [HeatmapTrace];
  expect(counts).toEqual([
    ["1", "", ""],
    ["", "1", ""],
    ["", "1", "1"],
  ]);
  expect(layout.yaxis.title?.text).toBe("actual");
  expect(text).toContain("3 of 4 right (75.00 %)");
});

test("scores are turned into the class with the highest one", async () => {
  const scores = [
    [0.1, 0.9],
    [0.8, 0.2],
  ];
  expect((await confusionsSpec(scores, [1, 1])).text).toContain("1 of 2 right (50.00 %)");
});

test("right answers lie on the blue side, mistakes on the red, empty cells between", async () => {
  const counts = [
    [40, 1],
    [0, 38],
  ];
  const [{ z, zmin, zmax }] = (await confusionMatrixSpec(counts)).data as [HeatmapTrace];
  expect([zmin, zmax]).toEqual([-1, 1]);
  expect(z).toEqual([
    [0.976, -1],
    [0, 1],
  ]);
});

test("classes that never occur are there all the same", async () => {
  const { layout } = await confusionsSpec([0, 1], [0, 1], { labels: ["cat", "dog", "owl"] });
  expect(layout.xaxis.ticktext).toEqual(["cat", "dog", "owl"]);
});

test("a matrix that is not square and answers without questions are refused at once", () => {
  expect(() => confusionMatrixSpec(tensor([2, 3], () => 0))).toThrow("expected counts [classes, classes], got [2, 3]");
  expect(() => confusionsSpec([0, 1], [0, 1, 2])).toThrow("expected 3 predictions, got [2]");
});
