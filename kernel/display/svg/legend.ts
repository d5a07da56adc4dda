// What explains colours in the static picture: the legend of named lines, and the colour bar of a heat map.

import { scaleLinear } from "d3-scale";
import type { HeatmapTrace, Layout, ScatterTrace, Trace } from "../figure/plotly.ts";
import { INK, seriesColor } from "../figure/theme.ts";
import { element, text, textWidth } from "./element.ts";
import type { Frame } from "./frame.ts";
import { drawMarker } from "./traces.ts";

const SIZE = 12;
const SWATCH = 22;
const GAP = 16;

export function drawLegend(data: readonly Trace[], layout: Layout, frame: Frame): string {
  const entries = data.flatMap((trace, index) =>
    trace.type === "scatter" && trace.name !== undefined && trace.showlegend !== false
      ? [{ trace, name: trace.name, color: trace.line?.color ?? trace.marker?.color ?? seriesColor(index) }]
      : [],
  );
  if (!layout.showlegend || !layout.legend || entries.length === 0) return "";
  const { x, y, xanchor, yanchor } = layout.legend;
  const widths = entries.map(({ name }) => SWATCH + 6 + textWidth(name, SIZE) + GAP);
  const total = widths.reduce((sum, width) => sum + width, -GAP);
  let left = frame.left + x * (frame.right - frame.left) - (xanchor === "right" ? total : 0);
  const middle = frame.bottom - y * (frame.bottom - frame.top) + (yanchor === "bottom" ? -10 : 10);
  return entries
    .map(({ trace, name, color }, index) => {
      const swatch = drawSwatch(trace, color, left, middle);
      const label = text(name, left + SWATCH + 6, middle, { size: SIZE, color: INK });
      left += widths[index] as number;
      return swatch + label;
    })
    .join("");
}

function drawSwatch(trace: ScatterTrace, color: string, left: number, middle: number): string {
  const width = trace.line?.width ?? 2;
  const line = element("line", {
    x1: left,
    x2: left + SWATCH,
    y1: middle,
    y2: middle,
    stroke: color,
    "stroke-width": width,
  });
  const marker = drawMarker(trace, left + SWATCH / 2, middle, trace.marker?.color ?? color);
  return (trace.mode === "markers" ? "" : line) + (trace.mode === "lines" ? "" : marker);
}

/** To the right of the plot area, as long as the trace's colour bar says, lowest value at the bottom. */
export function drawColorBar(trace: HeatmapTrace, frame: Frame): string {
  const bar = trace.colorbar;
  if (!trace.showscale || !bar) return "";
  const full = frame.bottom - frame.top;
  const length = bar.lenmode === "pixels" ? bar.len : bar.len * full;
  const left = frame.right + 16;
  const top = frame.top + (full - length) / 2;
  const scale = scaleLinear([trace.zmin, trace.zmax], [top + length, top]);
  const ticks = bar.tickvals ?? scale.ticks(Math.max(2, length / 60));
  const format = scale.tickFormat(Math.max(2, length / 60));
  const labels = ticks.map((tick, index) => bar.ticktext?.[index] ?? format(tick));
  const stops = trace.colorscale.map(([offset, color]) => element("stop", { offset, "stop-color": color }));
  return [
    element("defs", {}, element("linearGradient", { id: "colours", x1: 0, x2: 0, y1: 1, y2: 0 }, ...stops)),
    element("rect", { x: left, y: top, width: bar.thickness, height: length, fill: "url(#colours)" }),
    ...labels.map((label, index) =>
      text(label, left + bar.thickness + 6, scale(ticks[index] as number), { size: SIZE, color: INK }),
    ),
  ].join("");
}
