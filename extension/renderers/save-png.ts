// The button that saves a figure as PNG, with the editor's background: on a transparent one, a dark theme's light text would be
// lost in a white document. VS Code asks for the file name and writes the file.

import type * as Plotly from "plotly.js";
import { type Figure, fitTo, marginOf } from "./figure.ts";
import { currentTheme, withTheme } from "./theme.ts";

const WIDTH = 960;
/** Pixels per pixel on the page, so that text stays sharp in print. */
const SCALE = 2;

export function savePngButton(
  plotly: Pick<typeof Plotly, "downloadImage" | "Icons">,
  figure: () => Figure | undefined,
): Plotly.ModeBarButton {
  const save = async () => {
    const shown = figure();
    if (!shown) return;
    const theme = currentTheme();
    const size = fitTo(shown.layout, WIDTH);
    const margin = marginOf(shown.layout);
    const layout = { ...withTheme(shown.layout, theme), ...size, margin, paper_bgcolor: theme.page };
    const options = { format: "png", filename: "figure", scale: SCALE, ...size } as const;
    await plotly.downloadImage({ data: shown.data, layout }, options);
  };
  return {
    name: "savePng",
    title: "Save as PNG",
    icon: plotly.Icons.camera,
    click: () => save().catch((error) => console.error("Lectern: the figure was not saved", error)),
  };
}
