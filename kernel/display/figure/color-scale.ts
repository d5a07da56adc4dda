// Colour scale → colour of a value, for the static picture; Plotly interpolates the same stops itself.

import { scaleLinear } from "d3-scale";
import type { ColorStops } from "./plotly.ts";

/** Linear between the stops, as Plotly does; values beyond the ends get the end's colour. */
export function colorOf(stops: ColorStops, min: number, max: number): (value: number) => string {
  const scale = scaleLinear<string>()
    .domain(stops.map(([position]) => min + position * (max - min)))
    .range(stops.map(([, color]) => color))
    .clamp(true);
  return scale;
}

/** Black or white, whichever is easier to read on the colour (`#rrggbb` or `rgb(r, g, b)`). */
export function inkOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = color.startsWith("#")
    ? [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16))
    : (color.match(/\d+/g) ?? []).map(Number);
  return red * 0.299 + green * 0.587 + blue * 0.114 > 150 ? "#222222" : "#ffffff";
}

/** A colour `#rrggbb` thinned with white; `strength` 1 leaves it as it is, 0 gives white. */
export function tint(color: string, strength: number): string {
  const mixed = [1, 3, 5].map((start) => 255 + (Number.parseInt(color.slice(start, start + 2), 16) - 255) * strength);
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}
