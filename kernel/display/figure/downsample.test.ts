import { expect, test } from "vitest";
import { downsample } from "./downsample.ts";

const noise = Array.from({ length: 10_000 }, (_, index) => Math.sin(index * 12.9898) * 43758.5453 - 0.5);
const positions = noise.map((_, index) => index);

test("a series within the limit is kept as it is", () => {
  expect(downsample([0, 1, 2], [5, 6, 7], 3)).toEqual({ x: [0, 1, 2], y: [5, 6, 7] });
  expect(downsample([], [], 500)).toEqual({ x: [], y: [] });
});

test.each([4, 5, 100, 499, 500])("a longer series has at most %i points, first and last among them", (limit) => {
  const { x } = downsample(positions, noise, limit);
  expect(x.length).toBeLessThanOrEqual(limit);
  expect(x.length).toBeGreaterThan(limit / 2 - 2);
  expect(x[0]).toBe(0);
  expect(x.at(-1)).toBe(noise.length - 1);
});

test("points stay in order and on the curve", () => {
  const { x, y } = downsample(positions, noise, 200);
  expect(x).toEqual([...x].sort((a, b) => a - b));
  expect(new Set(x).size).toBe(x.length);
  expect(y).toEqual(x.map((index) => noise[index]));
});

test("a single spike is never lost", () => {
  for (const at of [1, 4_999, 5_000, 9_998]) {
    const flat = positions.map((index) => (index === at ? 7 : 0));
    expect(Math.max(...downsample(positions, flat, 100).y)).toBe(7);
  }
});

test("a value that is no number does not hide its neighbours", () => {
  const broken = positions.map((index) => (index % 100 === 1 ? Number.NaN : index === 5_050 ? 7 : 0));
  expect(downsample(positions, broken, 100).y).toContain(7);
});
