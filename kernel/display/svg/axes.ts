// Axes of the static picture: grid lines, ticks at round numbers, tick labels, axis titles.

import type { Axis, Layout } from "../figure/plotly.ts";
import { GRID, INK, NEUTRAL } from "../figure/theme.ts";
import { element, group, text, textWidth } from "./element.ts";
import type { Frame, Scale } from "./frame.ts";

const TICK_SIZE = 12;
const TITLE_SIZE = 13;

interface Tick {
  readonly at: number;
  readonly label: string;
}

export function drawAxes(frame: Frame, layout: Layout): string {
  return [
    drawX(frame, layout.xaxis),
    drawY(frame, layout.yaxis, frame.y, layout.yaxis.side === "right"),
    layout.yaxis2 ? drawY(frame, layout.yaxis2, frame.y2, true) : "",
  ].join("");
}

/** The neutral grey of pages of any colour becomes ink on our white page; other colours stay. */
export function inkOf(color: string | undefined): string {
  return color === undefined || color === NEUTRAL ? INK : color;
}

function ticksOf(axis: Axis, scale: Scale, roughly: number): readonly Tick[] {
  const [from = 0, to = 0] = scale.domain();
  const label = scale.tickFormat(roughly, axis.tickformat);
  if (axis.tickvals) {
    return axis.tickvals.map((at, index) => ({ at, label: axis.ticktext?.[index] ?? label(at) }));
  }
  if (axis.dtick === undefined) return scale.ticks(roughly).map((at) => ({ at, label: label(at) }));
  const first = Math.ceil(Math.min(from, to) / axis.dtick);
  const last = Math.floor(Math.max(from, to) / axis.dtick);
  const step = axis.dtick;
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step).map((at) => ({
    at,
    label: label(at),
  }));
}

function drawX(frame: Frame, axis: Axis): string {
  if (axis.visible === false) return "";
  const onTop = axis.side === "top";
  const edge = onTop ? frame.top : frame.bottom;
  const outwards = onTop ? -1 : 1;
  const ticks = ticksOf(axis, frame.x, (frame.right - frame.left) / 90);
  const color = inkOf(axis.tickfont?.color);
  return [
    axis.showgrid === false
      ? ""
      : group(
          { stroke: axis.gridcolor ?? GRID },
          ticks.map(({ at }) => element("line", { x1: frame.x(at), x2: frame.x(at), y1: frame.top, y2: frame.bottom })),
        ),
    ...ticks.map(({ at, label }) =>
      text(label, frame.x(at), edge + 6 * outwards, {
        size: axis.tickfont?.size ?? TICK_SIZE,
        color,
        align: "center",
        baseline: onTop ? "bottom" : "top",
      }),
    ),
    axis.title
      ? text(axis.title.text, (frame.left + frame.right) / 2, edge + 26 * outwards, {
          size: TITLE_SIZE,
          color: inkOf(axis.title.font?.color),
          align: "center",
          baseline: onTop ? "bottom" : "top",
        })
      : "",
  ].join("");
}

function drawY(frame: Frame, axis: Axis, scale: Scale, onRight: boolean): string {
  if (axis.visible === false) return "";
  const edge = onRight ? frame.right : frame.left;
  const outwards = onRight ? 1 : -1;
  const ticks = ticksOf(axis, scale, (frame.bottom - frame.top) / 50);
  const size = axis.tickfont?.size ?? TICK_SIZE;
  const labelWidth = Math.max(0, ...ticks.map(({ label }) => textWidth(label, size)));
  return [
    axis.showgrid === false
      ? ""
      : group(
          { stroke: axis.gridcolor ?? GRID },
          ticks.map(({ at }) => element("line", { x1: frame.left, x2: frame.right, y1: scale(at), y2: scale(at) })),
        ),
    ...ticks.map(({ at, label }) =>
      text(label, edge + 7 * outwards, scale(at), {
        size,
        color: inkOf(axis.tickfont?.color),
        align: onRight ? "left" : "right",
      }),
    ),
    axis.title
      ? text(axis.title.text, edge + (24 + labelWidth) * outwards, (frame.top + frame.bottom) / 2, {
          size: TITLE_SIZE,
          color: inkOf(axis.title.font?.color),
          align: "center",
          rotate: -90,
        })
      : "",
  ].join("");
}
