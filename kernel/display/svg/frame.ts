// The plot area of a figure in pixels, and the scales from values to pixels. Ranges that the layout leaves open are
// taken from the traces, as Plotly does.

import { type ScaleLinear, scaleLinear } from "d3-scale";
import type { Axis, PlotlyFigure, Trace } from "../figure/plotly.ts";
import { extentOf } from "../numbers.ts";

export type Scale = ScaleLinear<number, number>;

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Scale;
  readonly y: Scale;
  readonly y2: Scale;
}

/** Width of a figure that leaves it to the page. */
const DEFAULT_WIDTH = 760;

export function frameOf({ data, layout }: PlotlyFigure): Frame {
  const width = layout.width ?? DEFAULT_WIDTH;
  const { l, r, t, b } = layout.margin;
  const area = { left: l, right: width - r, top: t, bottom: layout.height - b };
  const across = [area.left, area.right] as const;
  const up = [area.bottom, area.top] as const;
  const onAxis = (name: "y" | "y2") =>
    data.filter((trace) => trace.type !== "scatter" || (trace.yaxis ?? "y") === name);
  return {
    width,
    height: layout.height,
    ...area,
    x: scaleLinear(rangeOf(layout.xaxis, data, "x"), across),
    y: scaleLinear(rangeOf(layout.yaxis, onAxis("y"), "y"), up),
    y2: scaleLinear(rangeOf(layout.yaxis2 ?? {}, onAxis("y2"), "y"), up),
  };
}

function rangeOf(axis: Axis, traces: readonly Trace[], direction: "x" | "y"): readonly [number, number] {
  if (axis.range) return axis.range;
  const values = traces.flatMap((trace) => (trace.type === "image" ? [] : trace[direction])).filter((v) => v !== null);
  const [low, high] = extentOf(values);
  const min = axis.rangemode === "tozero" ? Math.min(0, low) : low;
  const max = axis.rangemode === "tozero" ? Math.max(0, high) : high;
  if (min === max) return [min - 1, max + 1];
  const room = direction === "x" ? 0 : (max - min) * 0.06;
  return [min === 0 ? 0 : min - room, max + room];
}
