// Small pictures in rows and columns on one pair of axes: where each tile starts, counted in cells of the tiles.
// Used by filters (cells of one heat map) and images (pixels of one bitmap).

import type { Axis, HeatmapTrace } from "../figure/plotly.ts";

export interface TileGrid {
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columnStarts: readonly number[];
  readonly rowStarts: readonly number[];
  readonly width: number;
  readonly height: number;
}

export interface TileGridOptions {
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly columns: number;
  /** Cells left free above each row, for a gap and captions; the first row's is left to the margin. */
  readonly spaceAbove: readonly number[];
  readonly gap: number;
}

export function tileGrid({ tileWidth, tileHeight, columns, spaceAbove, gap }: TileGridOptions): TileGrid {
  const columnStarts = Array.from({ length: columns }, (_, column) => column * (tileWidth + gap));
  let bottom = 0;
  const rowStarts = spaceAbove.map((space, row) => {
    const start = row === 0 ? 0 : bottom + space;
    bottom = start + tileHeight;
    return start;
  });
  return {
    tileWidth,
    tileHeight,
    columnStarts,
    rowStarts,
    width: columns * (tileWidth + gap) - gap,
    height: bottom,
  };
}

/** Edges of all cells along one direction; between two tiles lies one cell as wide as the gap. */
function edgesOf(starts: readonly number[], size: number): number[] {
  return starts.flatMap((start) => Array.from({ length: size + 1 }, (_, cell) => start + cell));
}

/** The tiles as one heat map. `valueAt` gives the cell of a tile, or null for an empty one. */
export function tileCells(
  grid: TileGrid,
  valueAt: (tileRow: number, tileColumn: number, y: number, x: number) => number | null,
): Pick<HeatmapTrace, "x" | "y" | "z"> {
  const { tileWidth, tileHeight, columnStarts, rowStarts } = grid;
  const gapColumns = columnStarts.length - 1;
  const emptyRow = Array.from({ length: columnStarts.length * tileWidth + gapColumns }, () => null);
  const z = rowStarts.flatMap((_, tileRow) => {
    const rows = Array.from({ length: tileHeight }, (_, y) =>
      columnStarts.flatMap((_, tileColumn) => {
        const cells = Array.from({ length: tileWidth }, (_, x) => valueAt(tileRow, tileColumn, y, x));
        return tileColumn < gapColumns ? [...cells, null] : cells;
      }),
    );
    return tileRow < rowStarts.length - 1 ? [...rows, emptyRow] : rows;
  });
  return { x: edgesOf(columnStarts, tileWidth), y: edgesOf(rowStarts, tileHeight), z };
}

/** Bare axes over the whole grid, y downwards, cells square however the page stretches the figure. */
export function tileAxes(grid: TileGrid, offset = 0): { readonly xaxis: Axis; readonly yaxis: Axis } {
  const bare = { visible: false, fixedrange: true, constrain: "domain" } as const;
  return {
    xaxis: { ...bare, range: [offset, grid.width + offset] },
    yaxis: { ...bare, range: [grid.height + offset, offset], scaleanchor: "x" },
  };
}
