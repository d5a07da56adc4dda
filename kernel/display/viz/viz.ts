// The teaching pictures that a cell finds under `viz`: each takes numbers, returns a figure, and shows it when it is the
// cell's last expression or is given to `display`. The live chart shows itself.

import { Figure, type FigureSpec } from "../figure/figure.ts";
import type { Numbers, TensorLike } from "../numbers.ts";
import { TrainingChart, type TrainingChartHost, type TrainingChartOptions } from "../training/training-chart.ts";
import { type ConfusionMatrixOptions, confusionMatrixSpec, confusionsSpec } from "./confusion-matrix.ts";
import { compareFiltersSpec, type FiltersOptions, filtersSpec } from "./filters.ts";
import { type HeatmapOptions, heatmapSpec } from "./heatmap.ts";
import { type ImagesOptions, imagesSpec } from "./images.ts";
import { type LinesOptions, linesSpec } from "./lines.ts";
import { type NetworkOptions, networkSpec } from "./network.ts";
import { type ContourOptions, contourSpec } from "./plane/contour.ts";
import {
  type DecisionBoundaryOptions,
  decisionBoundarySpec,
  type Evaluate,
  type Predict,
} from "./plane/decision-boundary.ts";
import { type ScatterOptions, scatterSpec } from "./plane/scatter.ts";

/** See the functions' own examples; all throw `DisplayError` at once for shapes that they cannot show. */
export interface Viz<T = TensorLike> {
  /** Curves: `viz.lines({ series: { sigmoid: ys }, x: xs, title: "Sigmoid", xLabel: "z" })`. */
  lines(options: LinesOptions): Figure;
  /** Points [N, 2] by class: `viz.scatter(points, { labels, classes: ["setosa", "other"] })`. */
  scatter(points: Numbers, options?: ScatterOptions): Figure;
  /**
   * What a classifier says of each point of the plane, and where it changes its mind:
   * `viz.decisionBoundary((x) => model.forward(x), { points, labels })`.
   */
  decisionBoundary(predict: Predict<T>, options: DecisionBoundaryOptions): Figure;
  /** A function of points [N, 2] from above, with the path of a descent: `viz.contour(error, { xRange, yRange, path })`. */
  contour(f: (points: T) => Numbers, options: ContourOptions): Figure;
  /** Units and weights of a small network: `viz.network([hidden.weight, output.weight], { biases })`. */
  network(weights: readonly Numbers[], options?: NetworkOptions): Figure;
  /** Convolution weights [out, in, kH, kW] side by side on one colour scale: `viz.filters(model.get("c1").weight)`. */
  filters(weight: Numbers, options?: FiltersOptions): Figure;
  /** The same filters twice, on one colour scale: `viz.compareFilters(before, model.get("c1").weight)`. */
  compareFilters(before: Numbers, after: Numbers, options?: FiltersOptions): Figure;
  /** Images [N, 1, H, W] or [N, 3, H, W] in a grid: `viz.images(images, { labels, columns: 8 })`. */
  images(images: Numbers, options?: ImagesOptions): Figure;
  /** A matrix [H, W] as colours, small ones with their numbers: `viz.heatmap([[1, 2], [3, 4]])`. */
  heatmap(matrix: Numbers, options?: HeatmapOptions): Figure;
  /** Counts [classes, classes], rows actual: `viz.confusionMatrix(counts, { labels: ["cat", "dog"] })`. */
  confusionMatrix(counts: Numbers, options?: ConfusionMatrixOptions): Figure;
  /** Predicted classes [N] or scores [N, classes], and actual classes [N]: `viz.confusionMatrix(logits, labels)`. */
  confusionMatrix(predicted: Numbers, actual: Numbers, options?: ConfusionMatrixOptions): Figure;
  /**
   * A live chart: `const chart = viz.trainingChart({ epochs: 5, batches: loader.length })` in a loop, or
   * `await fit(model, loader, { …, callbacks: [viz.trainingChart()] })`.
   */
  trainingChart(options?: TrainingChartOptions): TrainingChart;
}

export interface VizHost<T> extends TrainingChartHost {
  readonly evaluate: Evaluate<T>;
}

export function createViz<T>(host: VizHost<T>): Viz<T> {
  const figure = (spec: Promise<FigureSpec>) => new Figure(spec, host.rasterise);
  return {
    lines: (options) => figure(linesSpec(options)),
    scatter: (points, options) => figure(scatterSpec(points, options)),
    decisionBoundary: (predict, options) => figure(decisionBoundarySpec(predict, host.evaluate, options)),
    contour: (f, options) => figure(contourSpec(f, host.evaluate, options)),
    network: (weights, options) => figure(networkSpec(weights, options)),
    filters: (weight, options) => figure(filtersSpec(weight, options)),
    compareFilters: (before, after, options) => figure(compareFiltersSpec(before, after, options)),
    images: (images, options) => figure(imagesSpec(images, options)),
    heatmap: (matrix, options) => figure(heatmapSpec(matrix, options)),
    confusionMatrix: (first: Numbers, second?: Numbers | ConfusionMatrixOptions, options?: ConfusionMatrixOptions) =>
      figure(isNumbers(second) ? confusionsSpec(first, second, options) : confusionMatrixSpec(first, second)),
    trainingChart: (options = {}) => new TrainingChart(options, host),
  };
}

function isNumbers(value: Numbers | ConfusionMatrixOptions | undefined): value is Numbers {
  return value !== undefined && ("length" in value || "shape" in value);
}
