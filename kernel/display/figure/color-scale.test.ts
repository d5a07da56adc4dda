import { expect, test } from "vitest";
import { colorOf, inkOn } from "./color-scale.ts";
import { COLOR_SCALES } from "./theme.ts";

test("the diverging scale is white at 0 and as far from it on both sides", () => {
  const stops = COLOR_SCALES.diverging;
  expect(stops[5]).toEqual([0.5, "#f7f7f7"]);
  expect(stops.map(([position]) => position)).toEqual(
    stops.map(([position]) => Number((1 - position).toFixed(4))).reverse(),
  );
  const color = colorOf(stops, -2, 2);
  expect(color(0)).toBe("rgb(247, 247, 247)");
  expect(color(-2)).toBe("rgb(5, 48, 97)");
  expect(color(2)).toBe("rgb(103, 0, 31)");
});

test("values beyond the ends get the end's colour", () => {
  const color = colorOf(COLOR_SCALES.grey, 0, 1);
  expect(color(7)).toBe("rgb(255, 255, 255)");
  expect(color(0.5)).toBe("rgb(128, 128, 128)");
});

test("text on dark colours is white, on light colours dark", () => {
  expect(inkOn("#000000")).toBe("#ffffff");
  expect(inkOn("rgb(247, 247, 247)")).toBe("#222222");
});
