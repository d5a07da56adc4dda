// Door of the display: what a cell can show. The engine process wires it once with where output goes, the time and the
// assets; cells get `display`, `newDisplay` and `viz`. It knows tensors only as TensorLike and no message but MIME bundles.

import { createDisplay, type DisplayFunctions } from "./display.ts";
import { type Clock, type DisplaySink, type ReadAsset, systemClock } from "./host.ts";
import type { TensorLike } from "./numbers.ts";
import { createRasteriser } from "./svg/rasterise.ts";
import type { Evaluate } from "./viz/plane/decision-boundary.ts";
import { createViz, type Viz } from "./viz/viz.ts";

export type { Display, DisplayFunctions, DisplayHandle, DisplayMethods, NewDisplay } from "./display.ts";
export { DisplayError } from "./display-error.ts";
export { Figure, type FigureSpec } from "./figure/figure.ts";
export type { PlotlyFigure } from "./figure/plotly.ts";
export { type Clock, type DisplaySink, type ReadAsset, systemClock } from "./host.ts";
export { DISPLAY, type Displayable, describe, isDisplayable, toMimeBundle } from "./mime-bundle.ts";
export type { Numbers, TensorLike } from "./numbers.ts";
export type { TrainingChart, TrainingChartOptions } from "./training/training-chart.ts";
export { type Tslab, tslab } from "./tslab.ts";
export type { Evaluate } from "./viz/plane/decision-boundary.ts";
export type { Viz } from "./viz/viz.ts";

export interface DisplayHost<T = TensorLike> {
  readonly sink: DisplaySink;
  /** Reads `resvg.wasm` and `DejaVuSans-subset.ttf`, on the first picture. */
  readonly readAsset: ReadAsset;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Calls a function of tensors with numbers, without recording gradients: how `viz` asks a model about points. */
  readonly evaluate: Evaluate<T>;
}

export interface DisplayApi<T = TensorLike> extends DisplayFunctions {
  readonly viz: Viz<T>;
}

/** The display for one engine process; `settled()` is awaited at the end of each cell. */
export function createDisplayApi<T>({ sink, readAsset, clock = systemClock, evaluate }: DisplayHost<T>): DisplayApi<T> {
  const rasterise = createRasteriser(readAsset);
  return { ...createDisplay(sink), viz: createViz({ sink, clock, rasterise, evaluate }) };
}
