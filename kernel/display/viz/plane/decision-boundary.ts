// What a classifier says of every point of the plane: its score as a colour, the line where it changes its mind, and the
// points that it was made for. After the TensorFlow Playground, https://playground.tensorflow.org

import { DisplayError } from "../../display-error.ts";
import { tint } from "../../figure/color-scale.ts";
import type { FigureSpec } from "../../figure/figure.ts";
import type { ColorStops, ScatterTrace, Trace } from "../../figure/plotly.ts";
import { extentOf, type NumberGrid, type Numbers, readNumbers, shapeOf } from "../../numbers.ts";
import { levelLine } from "./level-line.ts";
import { cellsTrace, centresOf, gridOf, type Interval, type PlaneLabels, planeLayout, rangeAround } from "./plane.ts";
import { classColor, namesOf, type Points, pointTraces, readPoints } from "./scatter.ts";

export interface DecisionBoundaryOptions extends PlaneLabels {
  /** [N, 2] */
  readonly points?: Numbers;
  /** Class of each point [N]; two different numbers, or 0, 1, 2 … */
  readonly labels?: Numbers;
  readonly classes?: readonly string[];
  /** From this score on it is the second class. Default: 0; 0.5 suits probabilities. */
  readonly threshold?: number;
  /** Default: what holds the points, with a margin. */
  readonly xRange?: Interval;
  readonly yRange?: Interval;
}

/** A classifier: points [N, 2] → a score each, [N] or [N, 1], or a score for each class, [N, classes]. */
export type Predict<T> = (points: T) => Numbers;

/** Calls a function of tensors with numbers, as whoever hosts the display can. */
export type Evaluate<T> = (f: (points: T) => Numbers, values: Float32Array, shape: readonly number[]) => Numbers;

const OPERATION = "viz.decisionBoundary";

/**
 * Calls `predict` at once if both ranges are given, else as soon as the points have been read.
 *
 * @throws DisplayError for points that are not [N, 2], and for scores of another number of points.
 */
export function decisionBoundarySpec<T>(
  predict: Predict<T>,
  evaluate: Evaluate<T>,
  options: DecisionBoundaryOptions,
): Promise<FigureSpec> {
  const { points, labels, threshold = 0 } = options;
  const fieldAt = (at: Float32Array) => fieldOf(evaluate(predict, at, [at.length / 2, 2]), at.length / 2, threshold);
  const reading = points === undefined ? undefined : readPoints(OPERATION, points, labels, options.classes);
  const drawIn = (xRange: Interval, yRange: Interval) => draw(fieldAt(gridOf(xRange, yRange)), xRange, yRange);
  const draw = async (asked: Promise<Field>, xRange: Interval, yRange: Interval): Promise<FigureSpec> => {
    const [field, read] = await Promise.all([asked, reading]);
    const traces = read === undefined ? [] : pointTraces(read, "#ffffff");
    const title = options.title ?? "Decision boundary";
    const right = read && labels !== undefined ? rightOf(await fieldAt(rowsOfPoints(read)), read) : undefined;
    return {
      data: [...background(field, xRange, yRange), ...traces],
      layout: planeLayout({ ...options, title }, xRange, yRange, { legend: namesOf(traces) }),
      text: right === undefined ? title : `${title}: ${right} of ${read?.labels.length} points on the right side`,
    };
  };
  const range = (given: Interval | undefined, values: readonly number[] = []) => rangeAround(OPERATION, given, values);
  if (reading === undefined || (options.xRange && options.yRange)) {
    return drawIn(range(options.xRange), range(options.yRange));
  }
  return reading.then(({ x, y }) => drawIn(range(options.xRange, x), range(options.yRange, y)));
}

/** Scores above 0 are for the second of two classes; of more classes, each point's class. */
interface Field {
  readonly scores: readonly number[];
  /** 2, or as many as there are scores a point. */
  readonly classes: number;
}

function fieldOf(output: Numbers, count: number, threshold: number): Promise<Field> {
  const [rows, width = 1, ...more] = shapeOf(output);
  if (rows !== count || more.length > 0) {
    const hint = "predict gets points [N, 2] and gives a score each, [N], or one for each class, [N, classes]";
    throw new DisplayError(OPERATION, `scores of ${count} points`, `[${shapeOf(output).join(", ")}]`, hint);
  }
  return readNumbers(output).then((grid): Field => {
    if (width === 1) return { scores: Array.from(grid.values, (score) => score - threshold), classes: 2 };
    if (width === 2) return { scores: rowsOf(grid).map(([a = 0, b = 0]) => b - a), classes: 2 };
    return { scores: rowsOf(grid).map((row) => row.indexOf(Math.max(...row))), classes: width };
  });
}

function rowsOf({ shape: [rows = 0, width = 1], values }: NumberGrid): number[][] {
  const all = Array.from(values);
  return Array.from({ length: rows }, (_, row) => all.slice(row * width, (row + 1) * width));
}

function rowsOfPoints({ x, y }: Points): Float32Array {
  return Float32Array.from(x.flatMap((value, i) => [value, y[i] as number]));
}

function rightOf({ scores, classes }: Field, { labels }: Points): number {
  return scores.filter((score, i) => (classes === 2 ? Number(score >= 0) : score) === labels[i]).length;
}

function background({ scores, classes }: Field, xRange: Interval, yRange: Interval): Trace[] {
  const [low, high] = classes === 2 ? [0.12, 0.62] : [0.35, 0.35];
  if (classes > 2) {
    const colorscale = Array.from({ length: classes }, (_, index) => tint(classColor(index), high)).flatMap(
      (color, index): ColorStops => [
        [index / classes, color],
        [(index + 1) / classes, color],
      ],
    );
    return [cellsTrace(scores, xRange, yRange, { zmin: -0.5, zmax: classes - 0.5, colorscale })];
  }
  // The ninth decile rather than the largest score, or a network's few extreme logits would bleach the rest.
  const magnitudes = scores.map(Math.abs).sort((a, b) => a - b);
  const limit = magnitudes[Math.floor(0.9 * (magnitudes.length - 1))] || extentOf(magnitudes)[1] || 1;
  const colorscale: ColorStops = [
    [0, tint(classColor(0), high)],
    [0.49999, tint(classColor(0), low)],
    [0.50001, tint(classColor(1), low)],
    [1, tint(classColor(1), high)],
  ];
  const clamped = scores.map((score) => Math.min(limit, Math.max(-limit, score)));
  const boundary: ScatterTrace = {
    type: "scatter",
    mode: "lines",
    ...levelLine(scores, centresOf(xRange), centresOf(yRange), 0),
    line: { color: "#333333", width: 2.5 },
    showlegend: false,
    hoverinfo: "skip",
  };
  return [cellsTrace(clamped, xRange, yRange, { zmin: -limit, zmax: limit, colorscale }), boundary];
}
