// A matrix as coloured cells, with the numbers written in while they are few. For single images, activations, attention, gradients.

import { DisplayError } from "../display-error.ts";
import type { FigureSpec } from "../figure/figure.ts";
import type { Axis } from "../figure/plotly.ts";
import { BASE_LAYOUT, COLOR_SCALES, type ColorScaleName, titleOf } from "../figure/theme.ts";
import { extentOf, magnitudeOf, type Numbers, readNumbers, roundForJson, shapeOf } from "../numbers.ts";
import { textWidth } from "../svg/element.ts";

export interface HeatmapOptions {
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly xNames?: readonly string[];
  readonly yNames?: readonly string[];
  /** Default: `diverging` (centred at 0) when there are values on both sides of 0, else `sequential`. */
  readonly colors?: ColorScaleName;
  /** Values at the ends of the colour scale; default: all values, symmetric for `diverging`. */
  readonly range?: readonly [min: number, max: number];
  /** Writes the numbers into the cells; default: when there are at most 12 × 12. */
  readonly values?: boolean;
}

const MAX_SIDE = 200;
const MAX_SIDE_PX = 560;

/** @throws DisplayError unless the shape is [H, W], after leading dimensions of length 1. */
export function heatmapSpec(matrix: Numbers, options: HeatmapOptions = {}): Promise<FigureSpec> {
  const shape = shapeOf(matrix);
  const [height = 1, width = 1] = shape.slice(-2);
  if (shape.length < 2 || shape.slice(0, -2).some((length) => length !== 1) || height * width === 0) {
    const hint = "pick one matrix out of a batch first; viz.images shows many";
    throw new DisplayError("viz.heatmap", "a matrix [H, W]", `[${shape.join(", ")}]`, hint);
  }
  if (Math.max(height, width) > MAX_SIDE) {
    const hint = "a cell of a larger matrix would be smaller than a pixel: show a slice";
    throw new DisplayError("viz.heatmap", `at most ${MAX_SIDE} rows and columns`, `[${height}, ${width}]`, hint);
  }
  return draw(matrix, height, width, options);
}

async function draw(matrix: Numbers, height: number, width: number, options: HeatmapOptions): Promise<FigureSpec> {
  const { values } = await readNumbers(matrix);
  const [low, high] = extentOf(values);
  const colors = options.colors ?? (low < 0 && high > 0 ? "diverging" : "sequential");
  const limit = magnitudeOf(values);
  const [zmin, zmax] =
    options.range ?? (colors === "diverging" ? [-limit, limit] : [low, high === low ? low + 1 : high]);
  const format = numberFormat(values);
  const rows = Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => values[row * width + column] as number),
  );
  const writesValues = options.values ?? Math.max(width, height) <= 12;
  const widest = Math.min(writesValues ? 46 : 28, Math.floor(MAX_SIDE_PX / Math.max(width, height)));
  const cellPx = Math.max(2, widest);
  const x = namesAxis(width, options.xNames, options.xLabel);
  const y = namesAxis(height, options.yNames, options.yLabel);
  const left =
    44 + (options.yLabel ? 20 : 0) + Math.max(0, ...(options.yNames ?? []).map((name) => textWidth(name, 12) - 24));
  const top = (options.title ? 44 : 12) + 28 + (options.xLabel ? 22 : 0);
  const figureWidth = Math.max(left + width * cellPx + 96, options.title ? textWidth(options.title, 16) + 24 : 0);
  return {
    data: [
      {
        type: "heatmap",
        z: rows.map((row) => row.map((value) => roundForJson(value))),
        x: edges(width),
        y: edges(height),
        zmin,
        zmax,
        colorscale: COLOR_SCALES[colors],
        showscale: true,
        colorbar: { thickness: 12, len: 1, lenmode: "fraction", ypad: 0, outlinewidth: 0 },
        ...(writesValues
          ? {
              text: rows.map((row) => row.map((value) => format(value))),
              texttemplate: "%{text}" as const,
              textfont: { size: 11 },
              xgap: 1,
              ygap: 1,
            }
          : {}),
        hoverongaps: false,
        hovertemplate: "row %{y}, column %{x}<br>%{z}<extra></extra>",
      },
    ],
    layout: {
      ...BASE_LAYOUT,
      ...(options.title ? { title: titleOf(options.title) } : {}),
      width: figureWidth,
      height: top + height * cellPx + 16,
      margin: { l: left, r: figureWidth - left - width * cellPx, t: top, b: 16 },
      xaxis: { ...x, side: "top", range: [-0.5, width - 0.5] },
      yaxis: { ...y, range: [height - 0.5, -0.5], scaleanchor: "x" },
      hovermode: "closest",
    },
    text: `${options.title ?? "Heat map"}: ${height} × ${width}, values from ${format(low)} to ${format(high)}`,
  };
}

function edges(length: number): number[] {
  return Array.from({ length: length + 1 }, (_, index) => index - 0.5);
}

function namesAxis(length: number, names: readonly string[] | undefined, label: string | undefined): Axis {
  const every = Math.ceil(length / 14);
  const step = [1, 2, 5, 10, 20, 50].find((round) => round >= every) ?? every;
  const positions = Array.from({ length }, (_, index) => index).filter((index) => names || index % step === 0);
  return {
    tickvals: positions,
    ticktext: positions.map((index) => names?.[index] ?? String(index)),
    showgrid: false,
    zeroline: false,
    constrain: "domain",
    ...(label ? { title: { text: label, standoff: 8 } } : {}),
  };
}

/** How to write the numbers of one matrix: whole ones as they are, others all with as many decimals as the largest needs. */
function numberFormat(values: ArrayLike<number>): (value: number) => string {
  const whole = Array.from(values).every((value) => Number.isInteger(value) || !Number.isFinite(value));
  const power = Math.floor(Math.log10(magnitudeOf(values)));
  const decimals = whole ? 0 : Math.max(0, Math.min(4, 2 - Math.max(power, -2)));
  return (value) => {
    const short = Math.abs(power) > 4 && value !== 0 ? value.toExponential(1) : value.toFixed(decimals);
    return short.replace("-", "−");
  };
}
