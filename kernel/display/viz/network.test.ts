import { expect, test } from "vitest";
import type { ScatterTrace } from "../figure/plotly.ts";
import { networkSpec } from "./network.ts";

const hidden = [
  [20, 20],
  [-20, -20],
];

test("every weight is a line from unit to unit, as thick as it is large, red above 0 and blue below", async () => {
  const { data, text } = await networkSpec([hidden, [[10, 20]]], { biases: [[-30, 10], [-10]] });
  const lines = (data as ScatterTrace[]).filter(({ mode }) => mode === "lines");
  expect(lines.map(({ x }) => x)).toEqual([...Array(4).fill([0, 1]), [1, 2], [1, 2]]);
  expect(lines.map(({ line }) => line?.width)).toEqual([6.6, 6.6, 6.6, 6.6, 3.6, 6.6]);
  expect(lines[0]?.line?.color).not.toBe(lines[2]?.line?.color);
  expect(text).toBe("Network: 2-2-1, 9 parameters");
});

test("inputs and outputs have names, units their bias", async () => {
  const { layout } = await networkSpec([hidden], { biases: [[0.5, -1]], outputs: ["AND", "NOR"] });
  const written = layout.annotations?.map(({ text }) => text);
  expect(written).toEqual(expect.arrayContaining(["x1", "x2", "AND", "NOR", "0.5", "−1", "20", "−20"]));
});

test("matrices that do not follow each other, and networks too large to see, are refused at once", () => {
  expect(() => networkSpec([hidden, [[1, 2, 3]]])).toThrow("expected weights [out, 2], got [1, 3]");
  expect(() => networkSpec([Array.from({ length: 50 }, () => new Array(50).fill(0))])).toThrow("1 to 400 weights");
});
