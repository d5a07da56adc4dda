// VS Code's colour theme on a figure. Text, grid and page belong to the editor and follow its theme; the colours of the data
// belong to the figure and stay. Source of the variables: https://code.visualstudio.com/api/references/theme-color

import type { Layout, LayoutAxis } from "plotly.js";

export interface Theme {
  readonly fontFamily: string;
  readonly text: string;
  readonly page: string;
  readonly grid: string;
  readonly line: string;
  readonly hover: { readonly text: string; readonly page: string; readonly border: string };
}

/** The theme of the page, now. */
export function currentTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string, fallback: string) => style.getPropertyValue(`--vscode-${name}`).trim() || fallback;
  const text = color("editor-foreground", "#808080");
  const page = color("editor-background", "#ffffff");
  return {
    fontFamily: color("font-family", "sans-serif"),
    text,
    page,
    grid: faded(text, 0.14),
    line: faded(text, 0.45),
    hover: {
      text: color("editorHoverWidget-foreground", text),
      page: color("editorHoverWidget-background", page),
      border: color("editorHoverWidget-border", "#808080"),
    },
  };
}

/** The colour at this opacity. VS Code writes its colours as #rrggbb, #rrggbbaa or rgba(r, g, b, a). */
export function faded(color: string, opacity: number): string {
  const hex = /^#(..)(..)(..)/
    .exec(color)
    ?.slice(1)
    .map((byte) => Number.parseInt(byte, 16));
  const [r, g, b] = hex ?? color.match(/[\d.]+/g)?.map(Number) ?? [];
  return `rgba(${r ?? 128}, ${g ?? 128}, ${b ?? 128}, ${opacity})`;
}

/** For the life of the page. VS Code writes a theme into the root's style and the body's class, several times in a row. */
export function onThemeChange(listener: () => void): void {
  let frame = 0;
  const observer = new MutationObserver(() => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(listener);
  });
  observer.observe(document.documentElement, { attributeFilter: ["style"] });
  observer.observe(document.body, { attributeFilter: ["class"] });
}

const isAxis = (key: string) => /^[xy]axis\d*$/.test(key);
const TRANSPARENT = "rgba(0, 0, 0, 0)";

/** A copy of the layout in the theme's colours. */
export function withTheme(layout: Partial<Layout>, theme: Theme): Partial<Layout> {
  const axes = [...new Set(["xaxis", "yaxis", ...Object.keys(layout).filter(isAxis)])];
  const axisColors: Partial<LayoutAxis> = {
    gridcolor: theme.grid,
    zerolinecolor: theme.line,
    linecolor: theme.line,
    tickcolor: theme.line,
  };
  const { hover } = theme;
  return {
    ...layout,
    ...Object.fromEntries(axes.map((key) => [key, { ...(layout[key as "xaxis"] ?? {}), ...axisColors }])),
    font: { ...layout.font, color: theme.text, family: theme.fontFamily },
    paper_bgcolor: TRANSPARENT,
    plot_bgcolor: TRANSPARENT,
    legend: { ...layout.legend, bgcolor: TRANSPARENT },
    hoverlabel: { ...layout.hoverlabel, bgcolor: hover.page, bordercolor: hover.border, font: { color: hover.text } },
    modebar: { bgcolor: TRANSPARENT, color: theme.line, activecolor: theme.text },
  };
}
