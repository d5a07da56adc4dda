// Which class was taken for which: rows are what it was, columns what the network said. Right answers are blue by the share
// of their row; mistakes are red on a scale of their own, or nobody would see them next to the diagonal.

import { DisplayError } from "../display-error.ts";
import type { FigureSpec } from "../figure/figure.ts";
import type { Axis, ColorStops } from "../figure/plotly.ts";
import { BASE_LAYOUT, subtitleOf, titleOf } from "../figure/theme.ts";
import { type NumberGrid, type Numbers, readNumbers, shapeOf } from "../numbers.ts";
import { textWidth } from "../svg/element.ts";

export interface ConfusionMatrixOptions {
  readonly title?: string;
  /** Class names; default 0, 1, 2, … */
  readonly labels?: readonly string[];
}

const MIN_CELL_PX = 40;
const MAX_CELL_PX = 96;
const COLORS: ColorStops = [
  [0, "#c0392b"],
  [0.25, "#e88e80"],
  [0.49999, "#fbe9e5"],
  [0.5, "rgba(128,128,128,0.12)"],
  [0.50001, "#e3eefa"],
  [1, "#1f66b5"],
];

/** From counts, [classes, classes], rows actual. @throws DisplayError when not square. */
export function confusionMatrixSpec(counts: Numbers, options: ConfusionMatrixOptions = {}): Promise<FigureSpec> {
  const [height = 0, width = 0, ...more] = shapeOf(counts);
  if (height !== width || height === 0 || more.length > 0) {
    throw new DisplayError("viz.confusionMatrix", "counts [classes, classes]", `[${shapeOf(counts).join(", ")}]`);
  }
  return readNumbers(counts).then(({ values }) => draw(Array.from(values), height, options));
}

/** From predicted classes [N], or scores [N, classes], and actual classes [N]. @throws DisplayError when N differs. */
export function confusionsSpec(
  predicted: Numbers,
  actual: Numbers,
  options: ConfusionMatrixOptions = {},
): Promise<FigureSpec> {
  const [count = 0] = shapeOf(actual);
  if (shapeOf(predicted)[0] !== count || shapeOf(predicted).length > 2 || shapeOf(actual).length !== 1) {
    const hint = "predicted: class numbers [N] or scores [N, classes]; actual: class numbers [N]";
    throw new DisplayError("viz.confusionMatrix", `${count} predictions`, `[${shapeOf(predicted).join(", ")}]`, hint);
  }
  return Promise.all([readNumbers(predicted), readNumbers(actual)]).then(([scores, { values: truths }]) => {
    const guesses = scores.shape.length === 2 ? argmaxRows(scores) : Array.from(scores.values);
    const known = Math.max(options.labels?.length ?? 0, scores.shape[1] ?? 0);
    const classes = guesses.reduce((most, guess, index) => Math.max(most, guess + 1, (truths[index] ?? 0) + 1), known);
    const counts = new Array<number>(classes * classes).fill(0);
    guesses.forEach((guess, index) => {
      const cell = (truths[index] as number) * classes + guess;
      counts[cell] = (counts[cell] ?? 0) + 1;
    });
    return draw(counts, classes, options);
  });
}

function argmaxRows({ shape: [rows = 0, columns = 0], values }: NumberGrid): number[] {
  return Array.from({ length: rows }, (_, row) => {
    let best = 0;
    for (let column = 1; column < columns; column++) {
      if ((values[row * columns + column] as number) > (values[row * columns + best] as number)) best = column;
    }
    return best;
  });
}

function draw(counts: readonly number[], classes: number, options: ConfusionMatrixOptions): FigureSpec {
  const indices = Array.from({ length: classes }, (_, index) => index);
  const names = indices.map((index) => options.labels?.[index] ?? String(index));
  const countAt = (actual: number, predicted: number) => counts[actual * classes + predicted] as number;
  const rowTotals = indices.map((row) => indices.reduce((sum, column) => sum + countAt(row, column), 0));
  const mistakes = indices.flatMap((row) =>
    indices.filter((column) => column !== row).map((column) => countAt(row, column)),
  );
  const mostMistakes = Math.max(1, ...mistakes);
  const right = indices.reduce((sum, index) => sum + countAt(index, index), 0);
  const total = rowTotals.reduce((sum, rowTotal) => sum + rowTotal, 0);
  const score = `${right} of ${total} right (${((100 * right) / Math.max(1, total)).toFixed(2)} %)`;
  const title = options.title ?? "Confusion matrix";
  const shade = (row: number, column: number) => {
    const count = countAt(row, column);
    if (count === 0) return 0;
    // From 0.2 on, so that a single mistake among hundreds is still seen.
    if (row !== column) return Number((-0.2 - (0.8 * count) / mostMistakes).toFixed(3));
    return Number((count / (rowTotals[row] || 1)).toFixed(3));
  };
  const longestName = Math.max(...names.map((name) => textWidth(name, 12)));
  const cellPx = Math.min(MAX_CELL_PX, Math.max(MIN_CELL_PX, longestName + 12));
  const left = 64 + Math.max(0, longestName - 12);
  const top = 112;
  const width = Math.max(left + classes * cellPx + 20, 300);
  const axis = (label: string): Axis => ({
    tickvals: indices,
    ticktext: names,
    title: { text: label, standoff: 8 },
    showgrid: false,
    zeroline: false,
    fixedrange: true,
    constrain: "domain",
  });
  return {
    data: [
      {
        type: "heatmap",
        z: indices.map((row) => indices.map((column) => shade(row, column))),
        x: [...indices.map((index) => index - 0.5), classes - 0.5],
        y: [...indices.map((index) => index - 0.5), classes - 0.5],
        zmin: -1,
        zmax: 1,
        colorscale: COLORS,
        showscale: false,
        text: indices.map((row) =>
          indices.map((column) => (countAt(row, column) === 0 ? "" : `${countAt(row, column)}`)),
        ),
        texttemplate: "%{text}",
        textfont: { size: 13 },
        xgap: 2,
        ygap: 2,
        hoverongaps: false,
        hovertemplate: "was %{y}, taken for %{x}: %{text}<extra></extra>",
      },
    ],
    layout: {
      ...BASE_LAYOUT,
      title: titleOf(title),
      width,
      height: top + classes * cellPx + 16,
      margin: { l: left, r: width - left - classes * cellPx, t: top, b: 16 },
      xaxis: { ...axis("predicted"), side: "top", range: [-0.5, classes - 0.5] },
      yaxis: { ...axis("actual"), range: [classes - 0.5, -0.5], scaleanchor: "x" },
      annotations: [subtitleOf(score, 12 - left, 56)],
      hovermode: "closest",
    },
    text: `${title}: ${score}\n${textTable(names, countAt)}`,
  };
}

function textTable(names: readonly string[], countAt: (row: number, column: number) => number): string {
  const rows = names.map((name, row) => [name, ...names.map((_, column) => String(countAt(row, column) || "·"))]);
  const cells = [["actual \\ predicted", ...names], ...rows];
  const first = Math.max(...cells.map(([name = ""]) => name.length));
  const other = Math.max(...cells.flatMap(([, ...counts]) => counts.map((count) => count.length)));
  return cells
    .map(([name = "", ...counts]) => [name.padStart(first), ...counts.map((c) => c.padStart(other))].join(" "))
    .join("\n");
}
