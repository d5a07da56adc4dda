// Convolution weights as small multiples on one colour scale centred at 0: blue takes away, white ignores, red adds.
// One column a filter, one row an input channel; numbers are the indices into the weight tensor.

import { DisplayError } from "../display-error.ts";
import type { FigureSpec } from "../figure/figure.ts";
import type { Annotation, ColorBar } from "../figure/plotly.ts";
import { BASE_LAYOUT, COLOR_SCALES, titleOf } from "../figure/theme.ts";
import { magnitudeOf, type NumberGrid, type Numbers, readNumbers, roundForJson, shapeOf } from "../numbers.ts";
import { textWidth } from "../svg/element.ts";
import { tileAxes, tileCells, tileGrid } from "./tile-grid.ts";

export interface FiltersOptions {
  readonly title?: string;
}

interface NamedWeight {
  readonly name: string;
  readonly weight: Numbers;
}

const MAX_COLUMNS = 16;
const MAX_FILTERS = 64;
const MAX_CHANNELS = 16;
const GAP_PX = 6;
const CAPTION_PX = 20;
const MARGIN_RIGHT = 84;

/** @throws DisplayError when the weight is not [out, in, kH, kW]. */
export function filtersSpec(weight: Numbers, options: FiltersOptions = {}): Promise<FigureSpec> {
  checkShape("viz.filters", weight);
  return drawGroups([{ name: "", weight }], options.title ?? "Filters");
}

/** @throws DisplayError when the two weights differ in shape. */
export function compareFiltersSpec(before: Numbers, after: Numbers, options: FiltersOptions = {}): Promise<FigureSpec> {
  checkShape("viz.compareFilters", before);
  if (String(shapeOf(before)) !== String(shapeOf(after))) {
    throw new DisplayError("viz.compareFilters", `two weights of shape [${shapeOf(before)}]`, `[${shapeOf(after)}]`);
  }
  const groups = [
    { name: "before", weight: before },
    { name: "after", weight: after },
  ];
  return drawGroups(groups, options.title ?? "Filters before and after training");
}

function checkShape(operation: string, weight: Numbers): void {
  const shape = shapeOf(weight);
  if (shape.length === 4 && shape.every((length) => length > 0)) return;
  const hint = 'pass a convolution\'s weight, for example model.get("c1").weight';
  throw new DisplayError(operation, "a convolution weight [out, in, kH, kW]", `[${shape.join(", ")}]`, hint);
}

async function drawGroups(named: readonly NamedWeight[], title: string): Promise<FigureSpec> {
  const groups = await Promise.all(named.map(async ({ name, weight }) => ({ name, ...(await readNumbers(weight)) })));
  const [out = 1, channels = 1, kernelHeight = 1, kernelWidth = 1] = groups[0]?.shape ?? [];
  const filters = Math.min(out, MAX_FILTERS);
  const shownChannels = Math.min(channels, MAX_CHANNELS);
  const columns = Math.min(filters, filters > MAX_COLUMNS && filters % 8 === 0 && channels === 1 ? 8 : MAX_COLUMNS);
  // Rows from top to bottom: stretches of filters, in each the groups, in each the input channels.
  const rows = Array.from({ length: Math.ceil(filters / columns) }, (_, stretch) =>
    groups.flatMap((group) =>
      Array.from({ length: shownChannels }, (_, channel) => ({ group, channel, firstFilter: stretch * columns })),
    ),
  ).flat();
  const cellPx = Math.max(4, Math.round((columns > 8 ? 36 : 64) / kernelWidth));
  const startsStretch = (row: number) => row % (groups.length * shownChannels) === 0;
  const startsGroup = (row: number) => row % shownChannels === 0;
  const grid = tileGrid({
    tileWidth: kernelWidth,
    tileHeight: kernelHeight,
    columns,
    gap: GAP_PX / cellPx,
    spaceAbove: rows.map(
      (_, row) => (startsStretch(row) ? CAPTION_PX : startsGroup(row) ? 2 * GAP_PX : GAP_PX) / cellPx,
    ),
  });
  const limit = magnitudeOf(groups.flatMap(({ values }) => magnitudeOf(values)));
  const cells = tileCells(grid, (tileRow, tileColumn, y, x) => {
    const row = rows[tileRow];
    const filter = (row?.firstFilter ?? 0) + tileColumn;
    if (row === undefined || filter >= filters) return null;
    const index = ((filter * channels + row.channel) * kernelHeight + y) * kernelWidth + x;
    return roundForJson(row.group.values[index] as number, 3);
  });
  const columnCaptions = rows.flatMap(({ firstFilter }, row) =>
    startsStretch(row)
      ? grid.columnStarts
          .slice(0, filters - firstFilter)
          .map((start, column) =>
            caption(`${firstFilter + column}`, start + kernelWidth / 2, grid.rowStarts[row] as number, "bottom"),
          )
      : [],
  );
  const rowCaptions = rows.map(({ group, channel }, row) => {
    const name = [startsGroup(row) ? group.name : "", channels > 1 ? `in ${channel}` : ""].filter(Boolean).join(" · ");
    return caption(name, 0, (grid.rowStarts[row] as number) + kernelHeight / 2, "middle");
  });
  const left = 12 + Math.max(0, ...rowCaptions.map(({ text }) => (text ? textWidth(text, 12) + 10 : 0)));
  const width = Math.max(left + grid.width * cellPx + MARGIN_RIGHT, textWidth(title, 16) + 24);
  const partly = filters < out || shownChannels < channels ? `, showing ${filters} × ${shownChannels} of them` : "";
  const top = 40 + CAPTION_PX;
  return {
    data: [
      {
        type: "heatmap",
        ...cells,
        zmin: -limit,
        zmax: limit,
        colorscale: COLOR_SCALES.diverging,
        showscale: true,
        colorbar: symmetricColorBar(limit),
        hoverongaps: false,
        hovertemplate: "weight %{z:.3f}<extra></extra>",
      },
    ],
    layout: {
      ...BASE_LAYOUT,
      title: titleOf(title),
      width,
      height: top + grid.height * cellPx + 14,
      margin: { l: left, r: width - left - grid.width * cellPx, t: top, b: 14 },
      ...tileAxes(grid),
      annotations: [...columnCaptions, ...rowCaptions.filter(({ text }) => text !== "")],
      hovermode: "closest",
    },
    text: `${title}: ${out} filters of ${channels} × ${kernelHeight} × ${kernelWidth}${partly}, ${describeRanges(groups)}`,
  };
}

function caption(text: string, x: number, y: number, yanchor: "bottom" | "middle"): Annotation {
  const beside = yanchor === "middle";
  return {
    text,
    x,
    y,
    xref: "x",
    yref: "y",
    xanchor: beside ? "right" : "center",
    yanchor,
    ...(beside ? { xshift: -8 } : { yshift: 1 }),
    showarrow: false,
    font: { size: 12 },
  };
}

function describeRanges(groups: readonly (NumberGrid & { readonly name: string })[]): string {
  return groups
    .map(({ name, values }) => `${name ? `${name}: ` : ""}largest |weight| ${roundForJson(magnitudeOf(values), 3)}`)
    .join(", ");
}

/** A slim colour bar with ticks at −limit, 0 and limit. */
export function symmetricColorBar(limit: number): ColorBar {
  const end = String(roundForJson(limit, 2));
  return {
    thickness: 12,
    len: 1,
    lenmode: "fraction",
    ypad: 0,
    outlinewidth: 0,
    tickvals: [-limit, 0, limit],
    ticktext: [`−${end}`, "0", end],
  };
}
