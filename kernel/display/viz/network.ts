// A small fully connected network as a drawing: units in columns, weights as lines, red above 0, blue below, as thick as they
// are large. Biases stand in the units.

import { DisplayError } from "../display-error.ts";
import { colorOf } from "../figure/color-scale.ts";
import type { FigureSpec } from "../figure/figure.ts";
import type { Annotation, ScatterTrace } from "../figure/plotly.ts";
import { BASE_LAYOUT, COLOR_SCALES, INK, NEUTRAL, titleOf } from "../figure/theme.ts";
import { magnitudeOf, type Numbers, readNumbers, shapeOf } from "../numbers.ts";
import { textWidth } from "../svg/element.ts";

export interface NetworkOptions {
  readonly title?: string;
  /** One for each weight matrix, [out]; written into the units. */
  readonly biases?: readonly Numbers[];
  /** Names of the inputs and of the outputs. Default: x1, x2 … and y1, y2 …, or y. */
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
}

const MAX_LINES = 400;
const COLUMN_PX = 200;
const ROW_PX = 84;
const UNIT_PX = 46;
/** From the middle of a unit to its name. */
const BESIDE_PX = UNIT_PX / 2 + 8;
const OPERATION = "viz.network";

/** @throws DisplayError unless the weights are [out, in] matrices of which each takes what the one before gives. */
export function networkSpec(weights: readonly Numbers[], options: NetworkOptions = {}): Promise<FigureSpec> {
  const shapes = weights.map(shapeOf);
  const sizes = [shapes[0]?.[1] ?? 0, ...shapes.map(([out = 0]) => out)];
  shapes.forEach((shape, layer) => {
    if (shape.length === 2 && shape[1] === sizes[layer]) return;
    const hint = "weights as nn.Linear has them, from the first layer to the last";
    throw new DisplayError(OPERATION, `weights [out, ${sizes[layer]}]`, `[${shape.join(", ")}]`, hint);
  });
  const lines = shapes.reduce((sum, [out = 0, width = 0]) => sum + out * width, 0);
  if (lines === 0 || lines > MAX_LINES) {
    throw new DisplayError(OPERATION, `1 to ${MAX_LINES} weights`, String(lines), "show larger ones with viz.heatmap");
  }
  const read = (all: readonly Numbers[]) =>
    Promise.all(all.map(async (one) => Array.from((await readNumbers(one)).values)));
  return Promise.all([read(weights), read(options.biases ?? [])]).then(([values, biases]) =>
    draw(sizes, values, biases, options),
  );
}

function draw(
  sizes: readonly number[],
  weights: readonly (readonly number[])[],
  biases: readonly (readonly number[])[],
  options: NetworkOptions,
): FigureSpec {
  const tallest = Math.max(...sizes);
  const place = (layer: number, unit: number) => [layer, (sizes[layer] as number) / 2 - unit - 0.5] as const;
  const limit = magnitudeOf(weights.flat());
  const colorFor = colorOf(COLOR_SCALES.diverging, -1, 1);
  const lines = weights.flatMap((matrix, layer) => {
    const width = sizes[layer] as number;
    return matrix.map((weight, index): ScatterTrace => {
      const [from, to] = [place(layer, index % width), place(layer + 1, Math.floor(index / width))];
      const share = weight / limit;
      // From 0.35 on, so that a small weight still has a colour of its own.
      const color = colorFor(Math.sign(share) * (0.35 + 0.5 * Math.abs(share)));
      return {
        type: "scatter",
        mode: "lines",
        x: [from[0], to[0]],
        y: [from[1], to[1]],
        line: { color, width: Number((0.6 + 6 * Math.abs(share)).toFixed(2)) },
        showlegend: false,
        hoverinfo: "skip",
      };
    });
  });
  const units = sizes.flatMap((size, layer) => Array.from({ length: size }, (_, unit) => place(layer, unit)));
  const label = (text: string, [x, y]: readonly [number, number], font: Annotation["font"] = {}): Annotation => ({
    ...{ text, x, y, xref: "x", yref: "y", xanchor: "center", yanchor: "middle", showarrow: false, font },
  });
  const inputs = options.inputs ?? numbered("x", sizes[0] as number);
  const outputs = options.outputs ?? numbered("y", sizes.at(-1) as number);
  const names = [
    inputs.map((name, unit) => ({
      ...label(name, place(0, unit)),
      ...({ xanchor: "right", xshift: -BESIDE_PX } as const),
    })),
    outputs.map((name, unit) => {
      const [x, y] = place(sizes.length - 1, unit);
      return { ...label(name, [x, y]), ...({ xanchor: "left", xshift: BESIDE_PX } as const) };
    }),
  ].flat();
  const inside = biases.flatMap((layer, index) =>
    layer.map((bias, unit) => label(short(bias), place(index + 1, unit), { size: 11, color: INK })),
  );
  const besides = (all: readonly string[]) => BESIDE_PX + Math.max(...all.map((name) => textWidth(name, 12))) + 12;
  const [left, right] = [besides(inputs), besides(outputs)];
  const top = options.title ? 48 : 16;
  const numbers = lines.length <= 24 ? weightLabels(sizes, weights, place) : [];
  return {
    data: [
      ...lines,
      {
        type: "scatter",
        mode: "markers",
        x: units.map(([x]) => x),
        y: units.map(([, y]) => y),
        marker: { color: "#f2f2f2", size: UNIT_PX, line: { color: NEUTRAL, width: 1.5 } },
        cliponaxis: false,
        showlegend: false,
        hoverinfo: "skip",
      },
    ],
    layout: {
      ...BASE_LAYOUT,
      ...(options.title ? { title: titleOf(options.title) } : {}),
      width: left + COLUMN_PX * (sizes.length - 1) + right,
      height: top + ROW_PX * tallest + 12,
      margin: { l: left, r: right, t: top, b: 12 },
      xaxis: { visible: false, range: [0, sizes.length - 1] },
      yaxis: { visible: false, range: [-tallest / 2, tallest / 2] },
      annotations: [...names, ...inside, ...numbers],
      showlegend: false,
      hovermode: false,
    },
    text: `${options.title ?? "Network"}: ${sizes.join("-")}, ${weights.flat().length + biases.flat().length} parameters`,
  };
}

/** Each weight on its line, at another place for each unit that lines come from, or numbers would lie on numbers. */
function weightLabels(
  sizes: readonly number[],
  weights: readonly (readonly number[])[],
  place: (layer: number, unit: number) => readonly [number, number],
): Annotation[] {
  return weights.flatMap((matrix, layer) => {
    const width = sizes[layer] as number;
    return matrix.map((weight, index): Annotation => {
      const [from, to] = [place(layer, index % width), place(layer + 1, Math.floor(index / width))];
      const share = 0.22 + (0.36 * (index % width)) / Math.max(1, width - 1);
      const [x, y] = [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
      const anchor = { xref: "x", yref: "y", xanchor: "center", yanchor: "middle", showarrow: false } as const;
      return { text: short(weight), x, y, ...anchor, font: { size: 11, color: INK }, bgcolor: "#ffffff" };
    });
  });
}

function numbered(letter: string, count: number): string[] {
  return count === 1 ? [letter] : Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);
}

function short(value: number): string {
  return Number(value.toPrecision(Math.abs(value) < 1 ? 2 : 3))
    .toString()
    .replace("-", "−");
}
