// Traces of the static picture: lines and markers, heat maps cell by cell, bitmaps.

import { colorOf, inkOn } from "../figure/color-scale.ts";
import type { HeatmapTrace, ImageTrace, ScatterTrace, Trace } from "../figure/plotly.ts";
import { seriesColor } from "../figure/theme.ts";
import { element, group, rounded, text } from "./element.ts";
import type { Frame, Scale } from "./frame.ts";

const DASHES = { solid: undefined, dot: "2 3", dash: "7 5" } as const;

export function drawTrace(trace: Trace, index: number, frame: Frame): string {
  switch (trace.type) {
    case "scatter":
      return drawScatter(trace, seriesColor(index), frame);
    case "heatmap":
      return drawHeatmap(trace, frame);
    case "image":
      return drawImage(trace, frame);
  }
}

function drawScatter(trace: ScatterTrace, fallback: string, frame: Frame): string {
  const scaleY = trace.yaxis === "y2" ? frame.y2 : frame.y;
  const color = trace.line?.color ?? trace.marker?.color ?? fallback;
  const parts: string[] = [];
  if (trace.mode !== "markers") {
    parts.push(
      element("path", {
        d: linePath(trace, frame.x, scaleY),
        fill: "none",
        stroke: color,
        "stroke-width": trace.line?.width ?? 2,
        "stroke-dasharray": DASHES[trace.line?.dash ?? "solid"],
        "stroke-linejoin": "round",
      }),
    );
  }
  if (trace.mode !== "lines") {
    for (const [x, y] of pointsOf(trace, frame.x, scaleY)) {
      if (x !== null && y !== null) parts.push(drawMarker(trace, x, y, trace.marker?.color ?? color));
    }
  }
  return group({ opacity: trace.opacity }, parts);
}

export function drawMarker(trace: ScatterTrace, x: number, y: number, fill: string): string {
  const radius = (trace.marker?.size ?? 6) / 2;
  const rim = { stroke: trace.marker?.line?.color, "stroke-width": trace.marker?.line?.width };
  if (trace.marker?.symbol !== "diamond") return element("circle", { cx: x, cy: y, r: radius, fill, ...rim });
  const reach = radius * 1.3;
  return element("path", {
    d: `M${rounded(x - reach)} ${rounded(y)}l${reach} ${-reach}l${reach} ${reach}l${-reach} ${reach}z`,
    fill,
    ...rim,
  });
}

function pointsOf(trace: ScatterTrace, scaleX: Scale, scaleY: Scale): (readonly [number | null, number | null])[] {
  return trace.x.map((x, index) => {
    const y = trace.y[index] ?? null;
    return [x === null ? null : scaleX(x), y === null ? null : scaleY(y)] as const;
  });
}

function linePath(trace: ScatterTrace, scaleX: Scale, scaleY: Scale): string {
  let penUp = true;
  return pointsOf(trace, scaleX, scaleY)
    .map(([x, y]) => {
      if (x === null || y === null) {
        penUp = true;
        return "";
      }
      const step = `${penUp ? "M" : "L"}${rounded(x)} ${rounded(y)}`;
      penUp = false;
      return step;
    })
    .join("");
}

function drawHeatmap(trace: HeatmapTrace, frame: Frame): string {
  const colorFor = colorOf(trace.colorscale, trace.zmin, trace.zmax);
  const gapX = trace.xgap ?? 0;
  const gapY = trace.ygap ?? 0;
  const cells: string[] = [];
  const labels: string[] = [];
  trace.z.forEach((row, rowIndex) => {
    const [top, bottom] = edgesAt(trace.y, rowIndex, frame.y);
    row.forEach((value, columnIndex) => {
      if (value === null) return;
      const [left, right] = edgesAt(trace.x, columnIndex, frame.x);
      const fill = colorFor(value);
      const size = { width: right - left - gapX, height: bottom - top - gapY };
      cells.push(element("rect", { x: left + gapX / 2, y: top + gapY / 2, ...size, fill }));
      const label = trace.texttemplate ? trace.text?.[rowIndex]?.[columnIndex] : undefined;
      if (label) {
        const style = { size: trace.textfont?.size ?? 12, color: inkOn(fill), align: "center" } as const;
        labels.push(text(label, (left + right) / 2, (top + bottom) / 2, style));
      }
    });
  });
  return group({ "shape-rendering": "crispEdges" }, cells) + labels.join("");
}

function edgesAt(edges: readonly number[], index: number, scale: Scale): readonly [low: number, high: number] {
  const from = scale(edges[index] ?? 0);
  const to = scale(edges[index + 1] ?? 0);
  return [Math.min(from, to), Math.max(from, to)];
}

/** The bitmap fills the whole plot area: the layouts of image grids give it exactly the pixels' range. */
function drawImage(trace: ImageTrace, frame: Frame): string {
  return element("image", {
    href: trace.source,
    x: frame.left,
    y: frame.top,
    width: frame.right - frame.left,
    height: frame.bottom - frame.top,
    preserveAspectRatio: "none",
    "image-rendering": "optimizeSpeed",
  });
}
