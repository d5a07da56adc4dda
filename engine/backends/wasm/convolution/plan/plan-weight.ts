// Plans a weight gradient: the tile that wastes least, and the parts, each with filters and elements under the kernel of its own.

import type { TileShape } from "../../matmul/register-tile.ts";
import { roundUp } from "../../starts.ts";
import { evenly } from "../../work.ts";
import { framedBytes, framedOf } from "../framed.ts";
import type { Correlation } from "../geometry.ts";
import { defineWeightDirect, type WeightItem, weightItems, weightItemsBytes } from "../weight-direct.ts";
import {
  defineWeightGradient,
  type WeightPart,
  type WeightPlan,
  weightPartsOf,
  weightScratchBytes,
} from "../weight-gradient.ts";
import type { ConvolutionPlan, Job } from "./plan.ts";

/** Positions that are summed at once: their packed gradients fit into half of a first cache. */
const positionsAtOnce = 256;
/** More framed images are not kept at once. */
const mostFramedBytes = 1 << 20;

/** `c` is the convolution itself. */
export function planWeightGradient({ key, batch, tile, parts }: Job, c: Correlation): ConvolutionPlan {
  const item = itemFor(c, tile);
  if (item !== undefined) return planItems(batch, c, item, parts, key);
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
        key: `${key} ${plan.together}`,
        define: (module, name) => defineWeightGradient(module, name, c, plan),
        calls: cuts.map(({ firstPanel, lastPanel, firstTile, lastTile }, i) => {
          return [batch, first, second, output, at + i * scratch, firstPanel, lastPanel, firstTile, lastTile];
        }),
      },
    ],
  };
}

function planItems(batch: number, c: Correlation, item: WeightItem, parts: number, key: string): ConvolutionPlan {
  const cuts = evenly(weightItems(c, item).all, parts);
  const scratch = roundUp(Math.max(...cuts.map(({ start, end }) => weightItemsBytes(c, item, end - start))), 64);
  return {
    scratchBytes: cuts.length * scratch,
    steps: ({ first, second, output, scratch: at }) => [
      {
        key,
        define: (module, name) => defineWeightDirect(module, name, c, item),
        calls: cuts.map(({ start, end }, i) => [batch, first, second, output, at + i * scratch, start, end]),
      },
    ],
  };
}

/**
 * The item for a weight gradient that is faster with columns in the lanes. Measured: packing the gradient costs as much as
 * ten elements under the kernel; an unaligned load of pixels is dearer than one of gradients, and costs a tenth at best.
 */
function itemFor(c: Correlation, machine: TileShape): WeightItem | undefined {
  const taps = c.rows.taps.length * c.columns.taps.length;
  const vectors = machine.vectors / 2;
  const use = ({ filters, taps: together }: WeightItem) => {
    const sums = filters * together;
    const filled = fill(c.columns.positions, 4 * vectors) * fill(taps, together);
    return (filled * Math.min(1, sums / 8) * sums) / Math.max(sums, filters + 1.5 * together);
  };
  const items = [1, 2, 3, 4, 6]
    .filter((filters) => c.filters % filters === 0)
    .flatMap((filters) =>
      Array.from({ length: Math.floor((14 - filters) / filters) }, (_, i) => ({ filters, taps: i + 1, vectors })),
    );
  const best = items.reduce((best, item) => (use(item) > use(best) ? item : best));
  const elements = c.channels * taps;
  const { rows, vectors: wide } = tileFor(c, machine);
  const otherwise = (fill(elements, rows) * fill(c.filters, 4 * wide) * elements) / (elements + 10);
  return c.columns.positions >= 4 * vectors && use(best) * 0.9 > otherwise ? best : undefined;
}

function fill(count: number, step: number): number {
  return count / roundUp(count, step);
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
