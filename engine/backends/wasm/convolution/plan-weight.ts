// Plans a weight gradient: the tile that wastes least, and the parts, each with filters and elements under the kernel of its own.

import type { TileShape } from "../matmul/register-tile.ts";
import { framedBytes, framedOf } from "./framed.ts";
import type { Correlation } from "./geometry.ts";
import type { ConvolutionOptions, ConvolutionPlan } from "./plan.ts";
import { evenly, roundUp } from "./ranges.ts";
import {
  defineWeightGradient,
  type WeightPart,
  type WeightPlan,
  weightPartsOf,
  weightScratchBytes,
} from "./weight-gradient.ts";

/** Positions that are summed at once: their packed gradients fit into half of a first cache. */
const positionsAtOnce = 256;
/** More framed images are not kept at once. */
const mostFramedBytes = 1 << 20;

/** `c` is the convolution itself. */
export function planWeightGradient(
  batch: number,
  c: Correlation,
  { tile, parts }: ConvolutionOptions,
  key: string,
): ConvolutionPlan {
  const columns = c.columns.positions;
  const positions = c.rows.positions * columns;
  const framed = Math.max(framedBytes(framedOf(c), 1), 1);
  const plan: WeightPlan = {
    tile: tileFor(c, tile),
    together: Math.max(
      1,
      Math.min(batch, Math.floor(positionsAtOnce / positions), Math.floor(mostFramedBytes / framed)),
    ),
    rows: Math.max(1, Math.min(c.rows.positions, Math.floor(positionsAtOnce / columns))),
  };
  const cuts = cutWork(weightPartsOf(c, plan), c.groups, parts);
  const scratch = roundUp(Math.max(...cuts.map((part) => weightScratchBytes(c, plan, part))), 64);
  return {
    scratchBytes: cuts.length * scratch,
    steps: ({ first, second, output, scratch: at }) => [
      {
        key,
        define: (module, name) => defineWeightGradient(module, name, c, plan),
        calls: cuts.map(({ firstPanel, lastPanel, firstTile, lastTile }, i) => {
          return [batch, first, second, output, at + i * scratch, firstPanel, lastPanel, firstTile, lastTile];
        }),
      },
    ],
  };
}

/** The tile that computes least beyond what is asked; those with fewer sums than the machine has registers are slower. */
function tileFor(c: Correlation, { rows, vectors }: TileShape): TileShape {
  const elements = c.channels * c.rows.taps.length * c.columns.taps.length;
  const shapes = [vectors, vectors / 2].flatMap((vectors, narrow) =>
    Array.from({ length: 4 + 2 * narrow }, (_, i) => ({ rows: rows + 2 * narrow - i, vectors })),
  );
  const cost = ({ rows, vectors }: TileShape) => {
    const sums = Math.ceil(elements / rows) * Math.ceil(c.filters / (4 * vectors));
    return sums * (rows * vectors + 2);
  };
  return shapes.reduce((best, shape) => (cost(shape) < cost(best) ? shape : best));
}

/** Panels by tiles, cut so that the largest part is as small as can be. */
function cutWork({ panels, tiles }: { panels: number; tiles: number }, groups: number, parts: number): WeightPart[] {
  const all = panels * groups;
  const largest = (byPanels: number) =>
    Math.ceil(all / byPanels) * Math.ceil(tiles / Math.max(1, Math.floor(parts / byPanels)));
  const counts = Array.from({ length: parts }, (_, i) => parts - i);
  const byPanels = counts.reduce((best, count) => (largest(count) < largest(best) ? count : best));
  return evenly(all, byPanels).flatMap(({ start: firstPanel, end: lastPanel }) =>
    evenly(tiles, Math.max(1, Math.floor(parts / byPanels))).map(({ start: firstTile, end: lastTile }) => {
      return { firstPanel, lastPanel, firstTile, lastTile };
    }),
  );
}
