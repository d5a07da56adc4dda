// The training chart as a figure: loss on the left axis, accuracy in per cent on the right, epochs below. Values of single
// batches are faint, their running mean is strong, values an epoch are diamonds. A pure function of the history.

import { downsample } from "../figure/downsample.ts";
import type { FigureSpec } from "../figure/figure.ts";
import type { Axis, Layout, ScatterTrace } from "../figure/plotly.ts";
import { sparkline } from "../figure/sparkline.ts";
import { BASE_LAYOUT, GRID, seriesColor, subtitleOf, titleOf } from "../figure/theme.ts";
import { roundForJson } from "../numbers.ts";
import type { Curve, History } from "./history.ts";
import { isShare, metricName, metricValue } from "./progress.ts";

/** Points of a curve: all of them would be a megabyte an update for a long run. */
const MAX_RAW_POINTS = 400;
const MAX_SMOOTH_POINTS = 240;

export function chartSpec(history: History, title: string, status: string): FigureSpec {
  const epochs = [...history.epochCurves];
  const names = [...new Set([...history.stepCurves.keys(), ...history.epochCurves.keys()])];
  const colors = new Map(names.map((name, index) => [name, seriesColor(index)] as const));
  // What was announced has a place before the first value, but no axis in a run that never reports it.
  const isDrawn = (name: string, curves: ReadonlyMap<string, Curve>) =>
    (curves.get(name)?.y.length ?? 0) > 0 || (history.position === 0 && curves.has(name));
  const steps = [...history.stepCurves].filter(([name]) => isDrawn(name, history.stepCurves));
  const drawn = names.filter((name) => isDrawn(name, history.stepCurves) || isDrawn(name, history.epochCurves));
  const colorOf = (name: string) => colors.get(name) as string;
  const smoothed = history.decay > 0;
  return {
    data: [
      ...(smoothed ? steps.map(([name, curve]) => rawTrace(name, curve, colorOf(name))) : []),
      ...steps.map(([name, curve]) => strongTrace(name, curve, colorOf(name))),
      ...epochs.map(([name, curve]) => epochTrace(name, curve, colorOf(name))),
    ],
    layout: chartLayout(history, new Map(drawn.map((name) => [name, colorOf(name)])), title, status),
    text: [
      `${title} · ${status}`,
      ...[...steps, ...epochs].filter(([, { y }]) => y.length > 1).map(([name, curve]) => textCurve(name, curve)),
    ].join("\n"),
  };
}

function axisOf(name: string): Pick<ScatterTrace, "yaxis"> {
  return isShare(name) ? { yaxis: "y2" } : {};
}

function toPoints(x: readonly number[], y: readonly number[], limit: number): Pick<ScatterTrace, "x" | "y"> {
  const kept = downsample(x, y, limit);
  return { x: kept.x.map((value) => roundForJson(value, 5)), y: kept.y.map((value) => roundForJson(value)) };
}

function rawTrace(name: string, { x, y }: Curve, color: string): ScatterTrace {
  return {
    type: "scatter",
    mode: "lines",
    ...toPoints(x, y, MAX_RAW_POINTS),
    ...axisOf(name),
    line: { color, width: 1 },
    opacity: 0.4,
    showlegend: false,
    hoverinfo: "skip",
  };
}

function strongTrace(name: string, { x, smooth }: Curve, color: string): ScatterTrace {
  return {
    type: "scatter",
    mode: "lines",
    name: metricName(name),
    ...toPoints(x, smooth, MAX_SMOOTH_POINTS),
    ...axisOf(name),
    line: { color, width: 2.5 },
    hovertemplate: `%{y:${isShare(name) ? ".1%" : ".3~g"}}`,
  };
}

function epochTrace(name: string, { x, y }: Curve, color: string): ScatterTrace {
  return {
    ...strongTrace(name, { x, y, smooth: y }, color),
    mode: "lines+markers",
    line: { color, width: 1.5, dash: "dot" },
    marker: { color, size: 9, symbol: "diamond" },
    cliponaxis: false,
  };
}

function chartLayout(history: History, colors: ReadonlyMap<string, string>, title: string, status: string): Layout {
  const names = [...colors.keys()];
  const left = names.filter((name) => !isShare(name));
  const right = names.filter(isShare);
  const end = Math.max(history.epochs, history.position);
  return {
    ...BASE_LAYOUT,
    title: titleOf(title),
    autosize: true,
    height: 400,
    margin: { l: 64, r: right.length > 0 ? 72 : 24, t: 88, b: 52 },
    xaxis: {
      title: { text: "epoch", standoff: 8 },
      range: [0, end],
      gridcolor: GRID,
      zeroline: false,
      ...(end <= 12 ? { dtick: 1 } : {}),
    },
    yaxis: { ...valueAxis(left, colors), rangemode: "tozero", gridcolor: GRID },
    ...(right.length > 0
      ? {
          yaxis2: {
            ...valueAxis(right, colors),
            overlaying: "y" as const,
            side: "right" as const,
            range: [0, 1.02] as const,
            tickformat: ".0%",
            tickmode: "linear" as const,
            tick0: 0,
            dtick: 0.2,
            showgrid: false,
          },
        }
      : {}),
    showlegend: true,
    legend: { orientation: "h", x: 1, y: 1.01, xanchor: "right", yanchor: "bottom", bgcolor: "rgba(0,0,0,0)" },
    annotations: [subtitleOf(status, -53, 34)],
    hovermode: "x unified",
    uirevision: "training",
  };
}

/** Named after its metrics, in the colour of the first when it is the only one of a batch. */
function valueAxis(names: readonly string[], colors: ReadonlyMap<string, string>): Axis {
  const [first = "loss"] = names;
  const color = colors.get(first);
  const font = color === undefined ? {} : { font: { color } };
  return {
    title: { text: metricName(first), standoff: 8, ...font },
    zeroline: false,
    ...(color === undefined ? {} : { tickfont: { color } }),
  };
}

function textCurve(name: string, { y, smooth }: Curve): string {
  return `${metricName(name)} ${sparkline(smooth)} ${metricValue(name, y[0] as number)} → ${metricValue(name, smooth.at(-1) as number)}`;
}
