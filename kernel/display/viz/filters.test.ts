import { expect, test } from "vitest";
import type { HeatmapTrace } from "../figure/plotly.ts";
import { tensor } from "../test-host.ts";
import { compareFiltersSpec, filtersSpec } from "./filters.ts";

const ramp = tensor([6, 1, 5, 5], (index) => index - 30);

test("all filters are one heat map, on a colour scale that is symmetric about 0", async () => {
  const { data } = await filtersSpec(ramp);
  expect(data).toHaveLength(1);
  const [{ zmin, zmax, colorbar }] = data as [HeatmapTrace];
  expect([zmin, zmax]).toEqual([-119, 119]);
  expect(colorbar?.tickvals).toEqual([-119, 0, 119]);
});

test("every weight is in its filter's tile, and tiles are set apart by empty cells", async () => {
  const { data } = await filtersSpec(ramp);
  const [{ z, x, y }] = data as [HeatmapTrace];
  expect(z).toHaveLength(5);
  expect(z[0]?.slice(0, 7)).toEqual([-30, -29, -28, -27, -26, null, -5]);
  expect(z[4]?.at(-1)).toBe(119);
  expect(x).toHaveLength((z[0]?.length ?? 0) + 1);
  expect(y).toHaveLength(z.length + 1);
});

test("cells are square: as many pixels wide as high", async () => {
  const { layout } = await filtersSpec(ramp);
  const [left = 0, right = 0] = layout.xaxis.range ?? [];
  const [bottom = 0, top = 0] = layout.yaxis.range ?? [];
  const { l, r, t, b } = layout.margin;
  const cellWidth = ((layout.width ?? 0) - l - r) / (right - left);
  expect((layout.height - t - b) / (bottom - top)).toBeCloseTo(cellWidth, 6);
});

test("filters carry their indices; rows of several input channels are named", async () => {
  const { layout } = await filtersSpec(tensor([3, 2, 3, 3], () => 1));
  expect(layout.annotations?.map(({ text }) => text)).toEqual(["0", "1", "2", "in 0", "in 1"]);
});

test("filters before and after share one scale, the larger one's", async () => {
  const before = tensor([2, 1, 3, 3], () => 0.5);
  const after = tensor([2, 1, 3, 3], () => -2);
  const { data, layout } = await compareFiltersSpec(before, after);
  expect(data).toHaveLength(1);
  const [{ zmin, zmax, z }] = data as [HeatmapTrace];
  expect([zmin, zmax]).toEqual([-2, 2]);
  expect([z[0]?.[0], z.at(-1)?.[0]]).toEqual([0.5, -2]);
  expect(layout.annotations?.map(({ text }) => text)).toEqual(["0", "1", "before", "after"]);
});

test("weights of zeros and a wide layer can be drawn", async () => {
  expect((await filtersSpec(tensor([1, 1, 3, 3], () => 0))).data[0]).toMatchObject({ zmin: -1, zmax: 1 });
  expect((await filtersSpec(tensor([120, 16, 5, 5], () => 1))).text).toContain("showing 64 × 16 of them");
});

test("what is no convolution weight is refused at once", () => {
  expect(() => filtersSpec(tensor([10, 84], () => 0))).toThrow(
    "viz.filters: expected a convolution weight [out, in, kH, kW], got [10, 84]",
  );
  expect(() =>
    compareFiltersSpec(
      ramp,
      tensor([6, 1, 3, 3], () => 0),
    ),
  ).toThrow("[6,1,5,5], got [6,1,3,3]");
});
