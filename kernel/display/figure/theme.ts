// How our figures look: colours that read on white and on dark pages alike, fonts, sizes and colour scales.
// Backgrounds are transparent, so text is a grey with the same contrast (4.1 : 1) on white as on VS Code's #1e1e1e.

import type { Annotation, ColorStops, Layout } from "./plotly.ts";

/** Text and axes in Plotly; the static picture, which has a white page of its own, uses {@link INK}. */
export const NEUTRAL = "#7d7d7d";
export const INK = "#333333";
export const GRID = "rgba(128,128,128,0.22)";
export const TRANSPARENT = "rgba(0,0,0,0)";

/** Series colours, told apart by colour-blind readers (after Okabe & Ito 2008), lightened or darkened to read on both pages. */
export const SERIES = ["#e4682a", "#2f7ed8", "#1f9e77", "#c2549d", "#b58900", "#5aa9e6", "#8a63d2", "#7d7d7d"] as const;

export function seriesColor(index: number): string {
  return SERIES[index % SERIES.length] as string;
}

const evenly = (colors: readonly string[]): ColorStops =>
  colors.map((color, index) => [Number((index / (colors.length - 1)).toFixed(4)), color] as const);

/** Named colour scales, from the lowest value to the highest. */
export const COLOR_SCALES = {
  /** Blue below 0, white at 0, red above: ColorBrewer's RdBu reversed (Cynthia Brewer, colorbrewer2.org). */
  diverging: evenly([
    "#053061",
    "#2166ac",
    "#4393c3",
    "#92c5de",
    "#d1e5f0",
    "#f7f7f7",
    "#fddbc7",
    "#f4a582",
    "#d6604d",
    "#b2182b",
    "#67001f",
  ]),
  /** matplotlib's viridis (CC0): perceptually even, survives a grey printer. */
  sequential: evenly([
    "#440154",
    "#472d7b",
    "#3b528b",
    "#2c728e",
    "#21918c",
    "#28ae80",
    "#5ec962",
    "#addc30",
    "#fde725",
  ]),
  grey: evenly(["#000000", "#ffffff"]),
} as const satisfies Record<string, ColorStops>;

export type ColorScaleName = keyof typeof COLOR_SCALES;

/** What all layouts share. */
export const BASE_LAYOUT = {
  font: { size: 13, color: NEUTRAL },
  paper_bgcolor: TRANSPARENT,
  plot_bgcolor: TRANSPARENT,
} as const satisfies Partial<Layout>;

/** A title in the top left corner, above everything else. */
export function titleOf(text: string): NonNullable<Layout["title"]> {
  return {
    text,
    x: 0,
    xref: "container",
    xanchor: "left",
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { t: 10, l: 12 },
    font: { size: 16 },
  };
}

/** A line below the title: how a training run stands, what a table comes to. Shifts are pixels from the plot's top left corner. */
export function subtitleOf(text: string, xshift: number, yshift: number): Annotation {
  const corner = { x: 0, y: 1, xref: "paper", yref: "paper", xanchor: "left", yanchor: "bottom" } as const;
  return { text, ...corner, xshift, yshift, showarrow: false, font: { size: 13 } };
}
