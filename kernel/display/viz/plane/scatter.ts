// Points of the plane, coloured by class, and lines across them.

import { DisplayError } from "../../display-error.ts";
import type { FigureSpec } from "../../figure/figure.ts";
import type { ScatterTrace } from "../../figure/plotly.ts";
import { NEUTRAL, seriesColor } from "../../figure/theme.ts";
import { type Numbers, readNumbers, roundForJson, shapeOf } from "../../numbers.ts";
import { type Interval, type PlaneLabels, planeLayout, rangeAround } from "./plane.ts";

export interface ScatterOptions extends PlaneLabels {
  /** Class of each point [N]: any whole numbers, also -1 and 1. Default: all the same. */
  readonly labels?: Numbers;
  /** What the classes are called, in the order of their numbers. */
  readonly classes?: readonly string[];
  /** Drawn across, by name: `{ fit: { x: [0, 1], y: [2, 3] } }`. */
  readonly lines?: Readonly<Record<string, { readonly x: Numbers; readonly y: Numbers }>>;
  readonly xRange?: Interval;
  readonly yRange?: Interval;
}

/** Points with their class numbers counted from 0, in the order of what was given. */
export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly labels: readonly number[];
  readonly classes: readonly string[];
}

/** Colours of the classes: blue and orange first, which colour-blind readers tell apart. */
export function classColor(index: number): string {
  return seriesColor(index < 2 ? 1 - index : index);
}

/** @throws DisplayError unless points are [N, 2] and labels [N]. */
export function scatterSpec(points: Numbers, options: ScatterOptions = {}): Promise<FigureSpec> {
  const reading = readPoints("viz.scatter", points, options.labels, options.classes);
  const lines = Object.entries(options.lines ?? {}).map(async ([name, { x, y }], index): Promise<ScatterTrace> => {
    const [xs, ys] = await Promise.all([readNumbers(x), readNumbers(y)]);
    const round = ({ values }: { values: ArrayLike<number> }) => Array.from(values, (value) => roundForJson(value, 5));
    const color = index === 0 ? NEUTRAL : seriesColor(index + 1);
    return { type: "scatter", mode: "lines", name, x: round(xs), y: round(ys), line: { color, width: 2.5 } };
  });
  return Promise.all([reading, Promise.all(lines)]).then(([read, lineTraces]) => {
    const xRange = rangeAround("viz.scatter", options.xRange, read.x);
    const yRange = rangeAround("viz.scatter", options.yRange, read.y);
    const traces = pointTraces(read);
    const legend = namesOf([...lineTraces, ...traces]);
    return {
      data: [...lineTraces, ...traces],
      layout: planeLayout(options, xRange, yRange, { legend, grid: true }),
      text: `${options.title ?? "Points"}: ${countsOf(read)}`,
    };
  });
}

/** @throws DisplayError unless points are [N, 2] and labels [N]. */
export function readPoints(
  operation: string,
  points: Numbers,
  labels?: Numbers,
  classes?: readonly string[],
): Promise<Points> {
  const [count, width, ...more] = shapeOf(points);
  if (count === undefined || width !== 2 || more.length > 0) {
    throw new DisplayError(operation, "points [N, 2]", `[${shapeOf(points).join(", ")}]`);
  }
  if (labels !== undefined && String(shapeOf(labels)) !== String(count)) {
    throw new DisplayError(operation, `${count} labels`, `[${shapeOf(labels).join(", ")}]`);
  }
  return Promise.all([readNumbers(points), labels && readNumbers(labels)]).then(([{ values }, given]) => {
    const numbers = Array.from({ length: count }, (_, i) => given?.values[i] ?? 0);
    const different = [...new Set(numbers)].sort((a, b) => a - b);
    // Class numbers 0, 1, 2 … name themselves, also when one of them has no point.
    const counted = different.every((value) => Number.isInteger(value) && value >= 0 && value < (classes?.length ?? 0));
    return {
      x: Array.from({ length: count }, (_, i) => values[2 * i] as number),
      y: Array.from({ length: count }, (_, i) => values[2 * i + 1] as number),
      labels: numbers.map((value) => (counted ? value : different.indexOf(value))),
      classes: classes ?? different.map((value) => String(value).replace("-", "−")),
    };
  });
}

/** A trace for each class; `rim` sets the points off from colours behind them. */
export function pointTraces({ x, y, labels, classes }: Points, rim?: string): ScatterTrace[] {
  return classes.flatMap((name, index): ScatterTrace[] => {
    const own = labels.flatMap((label, i) => (label === index ? [i] : []));
    if (own.length === 0) return [];
    return [
      {
        type: "scatter",
        mode: "markers",
        name,
        x: own.map((i) => roundForJson(x[i] as number, 5)),
        y: own.map((i) => roundForJson(y[i] as number, 5)),
        marker: {
          color: classColor(index),
          size: labels.length <= 12 ? 14 : labels.length <= 120 ? 9 : 7,
          ...(rim === undefined ? {} : { line: { color: rim, width: 1 } }),
        },
        cliponaxis: false,
        hovertemplate: `(%{x}, %{y})<extra>${name}</extra>`,
      },
    ];
  });
}

/** What the legend has to hold. */
export function namesOf(traces: readonly ScatterTrace[]): string[] {
  return traces.flatMap(({ name }) => name ?? []);
}

function countsOf({ labels, classes }: Points): string {
  const counts = classes.map((name, index) => `${labels.filter((label) => label === index).length} of ${name}`);
  return classes.length > 1 ? counts.join(", ") : `${labels.length}`;
}
