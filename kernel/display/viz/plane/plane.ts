// A piece of the plane, cut into small cells: where a function is asked for its value, and the values as colours.
// Used by the decision boundary and the contour map; `scatter.ts` uses its layout.

import { DisplayError } from "../../display-error.ts";
import type { HeatmapTrace, Layout } from "../../figure/plotly.ts";
import { BASE_LAYOUT, GRID, titleOf } from "../../figure/theme.ts";
import { extentOf, roundForJson } from "../../numbers.ts";
import { textWidth } from "../../svg/element.ts";

export type Interval = readonly [min: number, max: number];

/** Title and names of the axes. */
export interface PlaneLabels {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
}

/** Cells along each direction: fine enough for a smooth boundary, few enough for a notebook file. */
export const CELLS = 90;
const PLOT_PX = 380;

/** Centres of the cells of an interval. */
export function centresOf([min, max]: Interval): number[] {
  return Array.from({ length: CELLS }, (_, cell) => min + ((cell + 0.5) / CELLS) * (max - min));
}

/** All centres as rows [x, y], row by row from the lowest y. */
export function gridOf(xRange: Interval, yRange: Interval): Float32Array {
  const xs = centresOf(xRange);
  return Float32Array.from(centresOf(yRange).flatMap((y) => xs.flatMap((x) => [x, y])));
}

/** The range that was given, or the one that holds the values with a margin. */
export function rangeAround(operation: string, given: Interval | undefined, values: readonly number[]): Interval {
  if (given !== undefined) {
    if (given.length === 2 && given[0] < given[1]) return given;
    throw new DisplayError(operation, "a range [min, max]", `[${given.join(", ")}]`);
  }
  if (values.length === 0) {
    throw new DisplayError(operation, "xRange and yRange, or points to find them from", "neither");
  }
  const [min, max] = extentOf(values);
  const margin = 0.12 * (max - min) || 1;
  return [min - margin, max + margin];
}

/** The cells as a heat map, without a colour bar. `z` is row by row from the lowest y. */
export function cellsTrace(
  z: readonly number[],
  xRange: Interval,
  yRange: Interval,
  colors: Pick<HeatmapTrace, "zmin" | "zmax" | "colorscale">,
): HeatmapTrace {
  const edges = ([min, max]: Interval) =>
    Array.from({ length: CELLS + 1 }, (_, edge) => Number((min + (edge / CELLS) * (max - min)).toPrecision(6)));
  return {
    type: "heatmap",
    z: Array.from({ length: CELLS }, (_, row) =>
      z.slice(row * CELLS, (row + 1) * CELLS).map((value) => roundForJson(value, 3)),
    ),
    x: edges(xRange),
    y: edges(yRange),
    ...colors,
    showscale: false,
    hoverongaps: false,
    hovertemplate: "(%{x}, %{y}): %{z}<extra></extra>",
  };
}

/** A square plot with a legend of these names above it; `extra` pixels on the right for a colour bar. */
export function planeLayout(
  { title, xLabel, yLabel }: PlaneLabels,
  xRange: Interval,
  yRange: Interval,
  { legend = [], grid = false, extra = 0 }: { legend?: readonly string[]; grid?: boolean; extra?: number },
): Layout {
  const showlegend = legend.length > 1;
  const legendPx = legend.reduce((sum, name) => sum + 46 + textWidth(name, 12), 0);
  const left = 52 + (yLabel ? 20 : 0);
  const right = Math.max(20 + extra, showlegend ? legendPx - PLOT_PX : 0);
  const top = (title ? 44 : 14) + (showlegend ? 24 : 0);
  const bottom = xLabel ? 52 : 34;
  const axis = { gridcolor: GRID, showgrid: grid, zeroline: false };
  return {
    ...BASE_LAYOUT,
    ...(title ? { title: titleOf(title) } : {}),
    width: left + PLOT_PX + right,
    height: top + PLOT_PX + bottom,
    margin: { l: left, r: right, t: top, b: bottom },
    xaxis: { ...axis, range: xRange, ...(xLabel ? { title: { text: xLabel, standoff: 8 } } : {}) },
    yaxis: { ...axis, range: yRange, ...(yLabel ? { title: { text: yLabel, standoff: 8 } } : {}) },
    showlegend,
    legend: { orientation: "h", x: 0, y: 1.01, xanchor: "left", yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
    hovermode: "closest",
  };
}
