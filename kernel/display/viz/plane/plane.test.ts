import { expect, test } from "vitest";
import type { HeatmapTrace, ScatterTrace } from "../../figure/plotly.ts";
import type { TensorLike } from "../../numbers.ts";
import { evaluate, tensor } from "../../test-host.ts";
import { contourSpec } from "./contour.ts";
import { decisionBoundarySpec } from "./decision-boundary.ts";
import { levelLine } from "./level-line.ts";
import { CELLS } from "./plane.ts";
import { scatterSpec } from "./scatter.ts";

const square = { xRange: [-1, 1], yRange: [-1, 1] } as const;

/** Scores of points, `width` each. */
const scores =
  (width: number, f: (x: number, y: number) => readonly number[]) =>
  ({ shape: [count = 0], data }: TensorLike): TensorLike => ({
    shape: width === 1 ? [count] : [count, width],
    dtype: "float32",
    data: async () => {
      const values = await data();
      return Array.from({ length: count }, (_, i) => f(values[2 * i] as number, values[2 * i + 1] as number)).flat();
    },
  });

test("a circle's level line is one closed curve at its radius", () => {
  const axis = Array.from({ length: 41 }, (_, i) => i / 20 - 1);
  const { x, y } = levelLine(
    axis.flatMap((v) => axis.map((u) => u * u + v * v)),
    axis,
    axis,
    0.5,
  );
  expect(x.filter((value) => value === null)).toHaveLength(1);
  expect([x[0], y[0]]).toEqual([x.at(-2), y.at(-2)]);
  for (const [i, value] of x.entries()) {
    if (value !== null) expect(value * value + (y[i] as number) ** 2).toBeCloseTo(0.5, 2);
  }
});

test("the boundary is where the score passes the threshold", async () => {
  const predict = scores(1, (x) => [x]);
  const { data } = await decisionBoundarySpec(predict, evaluate, { ...square, threshold: 0.25 });
  const [heat, line] = data as [HeatmapTrace, ScatterTrace];
  expect([heat.z.length, heat.z[0]?.length, heat.x.length]).toEqual([CELLS, CELLS, CELLS + 1]);
  for (const value of line.x) if (value !== null) expect(value).toBeCloseTo(0.25);
});

test("two scores for each point are compared; of more, the largest gives the class", async () => {
  const two = await decisionBoundarySpec(
    scores(2, (x, y) => [x, y]),
    evaluate,
    square,
  );
  const [, line] = two.data as [HeatmapTrace, ScatterTrace];
  for (const [i, value] of line.x.entries()) if (value !== null) expect(line.y[i]).toBeCloseTo(value);
  const three = await decisionBoundarySpec(
    scores(3, (x, y) => [x, y, 0]),
    evaluate,
    square,
  );
  expect(new Set((three.data[0] as HeatmapTrace).z.flat())).toEqual(new Set([0, 1, 2]));
});

test("the text counts the points on the right side; labels may be -1 and 1", async () => {
  const options = { points: [[-1, 0], [1, 0], [2, 0]], labels: [-1, 1, -1] } as const; // biome-ignore format: one line
  const { text, data } = await decisionBoundarySpec(
    scores(1, (x) => [x]),
    evaluate,
    options,
  );
  expect(text).toBe("Decision boundary: 2 of 3 points on the right side");
  expect(data.slice(2).map((trace) => "name" in trace && trace.name)).toEqual(["−1", "1"]);
});

test("the function is asked at once when the ranges are given", () => {
  let asked = 0;
  const predict = (points: TensorLike) => {
    asked++;
    return scores(1, (x) => [x])(points);
  };
  void decisionBoundarySpec(predict, evaluate, square);
  expect(asked).toBe(1);
});

test("a contour map has lines of equal value and the path", async () => {
  const bowl = scores(1, (x, y) => [x * x + y * y]);
  const path = [
    [0.9, 0.9],
    [0.1, 0.1],
  ];
  const { data, text } = await contourSpec(bowl, evaluate, { ...square, path, levels: 5 });
  expect(data).toHaveLength(1 + 5 + 3);
  expect(data[6]).toMatchObject({ x: [0.9, 0.1], y: [0.9, 0.1] });
  expect(text).toMatch(/^Contours: values from 0\.000\d+ to 1\.9/);
});

test("points are drawn class by class, with lines across", async () => {
  const lines = { border: { x: [0, 1], y: [1, 0] } };
  const { data, text } = await scatterSpec(
    tensor([4, 2], (i) => i),
    { labels: [1, 0, 1, 1], classes: ["a", "b"], lines },
  );
  expect((data as ScatterTrace[]).map(({ name, x }) => [name, x])).toEqual([
    ["border", [0, 1]],
    ["a", [2]],
    ["b", [0, 4, 6]],
  ]);
  expect(text).toBe("Points: 1 of a, 3 of b");
});

test("shapes and ranges that do not fit are refused at once", () => {
  const line = scores(1, (x) => [x]);
  expect(() => scatterSpec([[1, 2, 3]])).toThrow("viz.scatter: expected points [N, 2], got [1, 3]");
  expect(() => scatterSpec([[1, 2]], { labels: [0, 1] })).toThrow("expected 1 labels, got [2]");
  expect(() => decisionBoundarySpec(line, evaluate, {})).toThrow("expected xRange and yRange, or points");
  expect(() => decisionBoundarySpec(line, evaluate, { ...square, xRange: [1, -1] })).toThrow("a range [min, max]");
  expect(() => decisionBoundarySpec(() => [1], evaluate, square)).toThrow("expected scores of 8100 points, got [1]");
  expect(() => contourSpec(() => [1], evaluate, square)).toThrow("expected 8100 values, got [1]");
});
