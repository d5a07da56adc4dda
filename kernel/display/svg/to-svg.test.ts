import { expect, test } from "vitest";
import type { Layout } from "../figure/plotly.ts";
import { BASE_LAYOUT, titleOf } from "../figure/theme.ts";
import { toSvg } from "./to-svg.ts";

const layout: Layout = {
  ...BASE_LAYOUT,
  width: 300,
  height: 200,
  margin: { l: 50, r: 50, t: 50, b: 50 },
  xaxis: {},
  yaxis: {},
};

test("a line goes through its points, with round numbers on the axes", () => {
  const svg = toSvg({ data: [{ type: "scatter", mode: "lines", x: [0, 10], y: [0, 4] }], layout });
  expect(svg).toMatch(/d="M50 150L250 [\d.]+"/);
  expect([...svg.matchAll(/<text[^>]*>([^<]+)</g)].map(([, label]) => label)).toEqual(
    expect.arrayContaining(["0", "5", "10", "2", "4"]),
  );
});

test("a line has gaps where values are missing", () => {
  const svg = toSvg({ data: [{ type: "scatter", mode: "lines", x: [0, 1, 2, 3], y: [1, null, 2, 3] }], layout });
  expect(svg.match(/d="(M[^"]+)"/)?.[1]?.match(/M/g)).toHaveLength(2);
});

test("a heat map has a cell for every value and none for null", () => {
  const z = [
    [0, 1],
    [null, 1],
  ];
  const trace = {
    type: "heatmap" as const,
    z,
    x: [0, 1, 2],
    y: [0, 1, 2],
    zmin: 0,
    zmax: 1,
    colorscale: [
      [0, "#000000"],
      [1, "#ffffff"],
    ] as const,
    showscale: false,
    hoverongaps: false as const,
  };
  const svg = toSvg({ data: [trace], layout: { ...layout, xaxis: { range: [0, 2] }, yaxis: { range: [2, 0] } } });
  expect(svg.match(/fill="rgb\(/g)).toHaveLength(3);
  expect(svg).toContain('<rect x="50" y="50" width="100" height="50" fill="rgb(0, 0, 0)"/>');
});

test("texts are escaped: a title cannot break the picture", () => {
  const svg = toSvg({ data: [], layout: { ...layout, title: titleOf('a < b & "c"') } });
  expect(svg).toContain("a &#60; b &#38; &#34;c&#34;");
});
