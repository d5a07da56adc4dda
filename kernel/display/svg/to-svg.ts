// A figure's Plotly spec → SVG text on a white page: the picture for GitHub, nbconvert and readers without a renderer.
// It draws what figure/plotly.ts can say and nothing more; it is no Plotly.

import type { Annotation, PlotlyFigure } from "../figure/plotly.ts";
import { drawAxes, inkOf } from "./axes.ts";
import { element, text, textWidth } from "./element.ts";
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
  const size = annotation.font?.size ?? 12;
  const [textX, textY] = [x + (annotation.xshift ?? 0), y - (annotation.yshift ?? 0)];
  const label = text(annotation.text, textX, textY, {
    size,
    color: inkOf(annotation.font?.color),
    align: annotation.xanchor,
    baseline: annotation.yanchor,
  });
  return annotation.bgcolor === undefined ? label : behind(annotation, textX, textY, size) + label;
}

/** A box around one line of text. */
function behind({ text: content, bgcolor, xanchor, yanchor }: Annotation, x: number, y: number, size: number): string {
  const [width, height] = [textWidth(content, size) + 4, size + 4];
  const left = x - width * { left: 0, center: 0.5, right: 1 }[xanchor];
  const top = y - height * { top: 0, middle: 0.5, bottom: 1 }[yanchor];
  return element("rect", { x: left, y: top, width, height, fill: bgcolor });
}
