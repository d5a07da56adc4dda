import type { Layout } from "plotly.js";
import { describe, expect, it } from "vitest";
import { faded, type Theme, withTheme } from "./theme.ts";

const theme: Theme = {
  fontFamily: "Serif",
  text: "#eeeeee",
  page: "#111111",
  grid: "#222222",
  line: "#333333",
  hover: { text: "#444444", page: "#555555", border: "#666666" },
};

describe("withTheme", () => {
  it("colours text, page and the grid of every axis", () => {
    const layout = withTheme({ xaxis: { title: { text: "epoch" } }, yaxis2: { side: "right" } }, theme);
    expect(layout.font?.color).toBe(theme.text);
    expect(layout.xaxis).toMatchObject({ title: { text: "epoch" }, gridcolor: theme.grid });
    expect(layout.yaxis).toMatchObject({ gridcolor: theme.grid });
    expect(layout.yaxis2).toMatchObject({ side: "right", gridcolor: theme.grid });
  });

  it("leaves sizes, texts and the fonts of annotations to the figure", () => {
    const annotations: Partial<Layout>["annotations"] = [{ text: "7", font: { color: "#ffffff" } }];
    const layout = withTheme({ font: { size: 13, color: "#000000" }, annotations }, theme);
    expect(layout.font).toEqual({ size: 13, color: theme.text, family: theme.fontFamily });
    expect(layout.annotations).toEqual(annotations);
  });

  it("changes nothing in the figure that it was given, which is drawn again in the next theme", () => {
    const layout: Partial<Layout> = { xaxis: { gridcolor: "#abcdef" } };
    withTheme(layout, theme);
    expect(layout).toEqual({ xaxis: { gridcolor: "#abcdef" } });
  });
});

describe("faded", () => {
  it.each(["#0a141e", "#0a141eff", "rgba(10, 20, 30, 0.9)", "rgb(10, 20, 30)"])("reads %s", (color) => {
    expect(faded(color, 0.5)).toBe("rgba(10, 20, 30, 0.5)");
  });

  it("answers what it cannot read with grey", () => {
    expect(faded("inherit", 0.5)).toBe("rgba(128, 128, 128, 0.5)");
  });
});
