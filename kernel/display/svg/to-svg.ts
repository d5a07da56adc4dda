// A figure's Plotly spec → SVG text on a white page: the picture for GitHub, nbconvert and readers without a renderer.
// It draws what figure/plotly.ts can say and nothing more; it is no Plotly.

import type { Annotation, PlotlyFigure } from "../figure/plotly.ts";
import { drawAxes, inkOf } from "./axes.ts";
import { element, text } from "./element.ts";
import { type Frame, frameOf } from "./frame.ts";
import { drawColorBar, drawLegend } from "./legend.ts";
import { drawTrace } from "./traces.ts";

export const FONT_FAMILY = "DejaVu Sans";

export function toSvg({ data, layout }: PlotlyFigure): string {
  const frame = frameOf({ data, layout });
  const { width, height, left, right, top, bottom } = frame;
  const clip = element("rect", { x: left, y: top - 2, width: right - left, height: bottom - top + 4 });
  const title = layout.title;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-family": FONT_FAMILY,
    },
    element("defs", {}, element("clipPath", { id: "plot" }, clip)),
    element("rect", { width, height, fill: "#ffffff" }),
    title
      ? text(title.text, title.pad?.l ?? 0, title.pad?.t ?? 0, {
          size: title.font?.size ?? 16,
          color: inkOf(title.font?.color),
          baseline: "top",
        })
      : "",
    drawAxes(frame, layout),
    ...data.map((trace, index) => {
      const whole = trace.type === "scatter" && trace.cliponaxis === false;
      return element("g", whole ? {} : { "clip-path": "url(#plot)" }, drawTrace(trace, index, frame));
    }),
    ...data.map((trace) => (trace.type === "heatmap" ? drawColorBar(trace, frame) : "")),
    drawLegend(data, layout, frame),
    ...(layout.annotations ?? []).map((annotation) => drawAnnotation(annotation, frame)),
  );
}

function drawAnnotation(annotation: Annotation, frame: Frame): string {
  const { left, right, top, bottom } = frame;
  const x = annotation.xref === "paper" ? left + annotation.x * (right - left) : frame.x(annotation.x);
  const y = annotation.yref === "paper" ? bottom - annotation.y * (bottom - top) : frame.y(annotation.y);
  return text(annotation.text, x + (annotation.xshift ?? 0), y - (annotation.yshift ?? 0), {
    size: annotation.font?.size ?? 12,
    color: inkOf(annotation.font?.color),
    align: annotation.xanchor,
    baseline: annotation.yanchor,
  });
}
