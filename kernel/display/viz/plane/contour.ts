// A function of two variables seen from above, with lines of equal value and the path of a descent: the surface of an error.

import { DisplayError } from "../../display-error.ts";
import type { FigureSpec } from "../../figure/figure.ts";
import type { ScatterTrace } from "../../figure/plotly.ts";
import { COLOR_SCALES } from "../../figure/theme.ts";
import { extentOf, type Numbers, readNumbers, roundForJson, shapeOf } from "../../numbers.ts";
import type { Evaluate } from "./decision-boundary.ts";
import { levelLine } from "./level-line.ts";
import { cellsTrace, centresOf, gridOf, type Interval, type PlaneLabels, planeLayout, rangeAround } from "./plane.ts";
import { type Points, readPoints } from "./scatter.ts";

export interface ContourOptions extends PlaneLabels {
  readonly xRange: Interval;
  readonly yRange: Interval;
  /** Steps of a descent [T, 2], drawn from the first (round) to the last (diamond). */
  readonly path?: Numbers;
  /** How many lines of equal value. Default: 12. */
  readonly levels?: number;
}

const OPERATION = "viz.contour";

/** @throws DisplayError unless `f` gives one value for each point. */
export function contourSpec<T>(
  f: (points: T) => Numbers,
  evaluate: Evaluate<T>,
  options: ContourOptions,
): Promise<FigureSpec> {
  const xRange = rangeAround(OPERATION, options.xRange, []);
  const yRange = rangeAround(OPERATION, options.yRange, []);
  const points = gridOf(xRange, yRange);
  const count = points.length / 2;
  const output = evaluate(f, points, [count, 2]);
  if (
    shapeOf(output)[0] !== count ||
    shapeOf(output)
      .slice(1)
      .some((length) => length !== 1)
  ) {
    const hint = "the function gets points [N, 2] and gives a value for each, [N]";
    throw new DisplayError(OPERATION, `${count} values`, `[${shapeOf(output).join(", ")}]`, hint);
  }
  const path = options.path === undefined ? undefined : readPoints(OPERATION, options.path);
  return Promise.all([readNumbers(output), path]).then(([{ values }, steps]) =>
    draw(Array.from(values), steps, xRange, yRange, options),
  );
}

function draw(
  z: readonly number[],
  path: Points | undefined,
  xRange: Interval,
  yRange: Interval,
  options: ContourOptions,
): FigureSpec {
  const [min, max] = extentOf(z);
  return {
    data: [
      {
        ...cellsTrace(z, xRange, yRange, {
          zmin: min,
          zmax: max > min ? max : min + 1,
          colorscale: COLOR_SCALES.sequential,
        }),
        showscale: true,
        colorbar: { thickness: 12, len: 1, lenmode: "fraction", ypad: 0, outlinewidth: 0 },
      },
      ...levelsOf(z, options.levels ?? 12).map(
        (level): ScatterTrace => ({
          type: "scatter",
          mode: "lines",
          ...levelLine(z, centresOf(xRange), centresOf(yRange), level),
          line: { color: "#ffffff", width: 1 },
          opacity: 0.55,
          showlegend: false,
          hoverinfo: "skip",
        }),
      ),
      ...(path === undefined ? [] : pathTraces(path.x, path.y)),
    ],
    layout: planeLayout(options, xRange, yRange, { extra: 56 }),
    text: `${options.title ?? "Contours"}: values from ${roundForJson(min)} to ${roundForJson(max)}`,
  };
}

/** Values that part the plane into equal areas: evenly spaced ones would all lie on the steep side of an error. */
function levelsOf(z: readonly number[], count: number): number[] {
  const sorted = z.filter(Number.isFinite).sort((a, b) => a - b);
  return Array.from({ length: count }, (_, i) => sorted[Math.floor(((i + 0.5) / count) * sorted.length)] as number);
}

function pathTraces(x: readonly number[], y: readonly number[]): ScatterTrace[] {
  const color = "#ff7a3c";
  const rim = { color: "#ffffff", width: 1.5 };
  const shared = { type: "scatter", showlegend: false, hoverinfo: "skip" } as const;
  return [
    { ...shared, mode: "lines", x, y, line: { color, width: 2.5 } },
    { ...shared, mode: "markers", x: x.slice(0, 1), y: y.slice(0, 1), marker: { color, size: 10, line: rim } },
    {
      ...shared,
      mode: "markers",
      x: x.slice(-1),
      y: y.slice(-1),
      marker: { color, size: 11, symbol: "diamond", line: rim },
    },
  ];
}
