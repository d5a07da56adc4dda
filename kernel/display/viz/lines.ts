// Curves over a shared x axis: functions, losses, learning-rate schedules.

import { DisplayError } from "../display-error.ts";
import { downsample } from "../figure/downsample.ts";
import type { FigureSpec } from "../figure/figure.ts";
import type { Layout, ScatterTrace } from "../figure/plotly.ts";
import { sparkline } from "../figure/sparkline.ts";
import { BASE_LAYOUT, GRID, seriesColor, titleOf } from "../figure/theme.ts";
import { extentOf, isTensorLike, type Numbers, readNumbers, roundForJson, shapeOf } from "../numbers.ts";

/** Values over 0, 1, 2, … (or over the shared `x`), or over their own `x`. */
export type Series = Numbers | { readonly x: Numbers; readonly y: Numbers };

export interface LinesOptions {
  /** Name → values. The order is the order of colours and legend. */
  readonly series: Readonly<Record<string, Series>>;
  /** Shared by all series that bring none. */
  readonly x?: Numbers;
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
}

const MAX_POINTS = 1000;

/** @throws DisplayError when a series is not one-dimensional or its x and y differ in length. */
export function linesSpec(options: LinesOptions): Promise<FigureSpec> {
  if (typeof options.series !== "object" || isTensorLike(options.series)) {
    throw new DisplayError("viz.lines", "named curves, { series: { name: values } }", typeof options.series);
  }
  const series = Object.entries(options.series).map(([name, given]) => {
    const { x, y } = isPair(given) ? given : { x: options.x, y: given };
    const [length, ...more] = shapeOf(y);
    if (more.length > 0) {
      throw new DisplayError("viz.lines", `values [N] for series "${name}"`, `[${shapeOf(y).join(", ")}]`);
    }
    if (x !== undefined && String(shapeOf(x)) !== String(length)) {
      throw new DisplayError("viz.lines", `${length} x values for series "${name}"`, `[${shapeOf(x).join(", ")}]`);
    }
    return { name, x, y };
  });
  return draw(series, options);
}

function isPair(series: Series): series is { readonly x: Numbers; readonly y: Numbers } {
  return !isTensorLike(series) && "x" in series && "y" in series;
}

interface NamedSeries {
  readonly name: string;
  readonly x: Numbers | undefined;
  readonly y: Numbers;
}

async function draw(series: readonly NamedSeries[], options: LinesOptions): Promise<FigureSpec> {
  const traces = await Promise.all(series.map((one, index) => toTrace(one, seriesColor(index))));
  const showlegend = traces.length > 1;
  const summaries = traces.map(({ name, y }) => {
    const [min, max] = extentOf(y.filter((value) => value !== null));
    return `${name} ${sparkline(y)} from ${roundForJson(min, 3)} to ${roundForJson(max, 3)}`;
  });
  return {
    data: traces,
    layout: linesLayout(options, showlegend),
    text: [options.title ?? "Lines", ...summaries].join("\n"),
  };
}

function linesLayout({ title, xLabel, yLabel }: LinesOptions, showlegend: boolean): Layout {
  const axis = { gridcolor: GRID, zerolinecolor: "rgba(128,128,128,0.5)" };
  return {
    ...BASE_LAYOUT,
    ...(title ? { title: titleOf(title) } : {}),
    autosize: true,
    height: 360,
    margin: { l: 64, r: 24, t: (title ? 44 : 16) + (showlegend ? 24 : 0), b: xLabel ? 52 : 36 },
    xaxis: { ...axis, ...(xLabel ? { title: { text: xLabel, standoff: 8 } } : {}) },
    yaxis: { ...axis, ...(yLabel ? { title: { text: yLabel, standoff: 8 } } : {}) },
    showlegend,
    legend: { orientation: "h", x: 0, y: 1.01, xanchor: "left", yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
    hovermode: "x unified",
  };
}

async function toTrace({ name, x, y }: NamedSeries, color: string): Promise<ScatterTrace> {
  const { values } = await readNumbers(y);
  const positions = x === undefined ? Array.from(values, (_, index) => index) : (await readNumbers(x)).values;
  const kept = downsample(positions, values, MAX_POINTS);
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: kept.x.map((value) => roundForJson(value, 6)),
    y: kept.y.map((value) => roundForJson(value)),
    line: { color, width: 2.5 },
  };
}
