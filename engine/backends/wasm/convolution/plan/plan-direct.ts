// Plans a correlation that is computed directly (direct.ts): its tile, and when that is the faster way.

import type { TileShape } from "../../matmul/register-tile.ts";
import { roundUp } from "../../starts.ts";
import {
  type DirectPlan,
  type DirectTile,
  defineDirect,
  directParameters,
  directScratchBytes,
  directStrips,
} from "../direct.ts";
import type { Correlation } from "../geometry.ts";
import { cutImages } from "./cuts.ts";
import type { ConvolutionPlan, Job } from "./plan.ts";

/**
 * The tile for a correlation that is computed faster directly than as a product. Measured: of what the machine can do, a
 * product reaches about F / (F + 5) for F filters, since each packed patch is used so often, and directly about a tenth more
 * of a tile is of use than its borders say; with one tap, or with many channels for many filters, packing wins.
 */
export function directTileFor(c: Correlation, machine: TileShape): DirectTile | undefined {
  const best = bestTile(c, machine);
  if (best === undefined) return undefined;
  const many = c.filters > 2 * machine.rows && c.channels * c.columns.step > mostChannels;
  const single = c.rows.taps.length * c.columns.taps.length === 1;
  const directly = best.use * (single ? 0.8 : 1.1) * (many ? 0.9 : 1);
  return directly > c.filters / (c.filters + 5) ? best.tile : undefined;
}

/** More planes than that are too many streams to read side by side for many filters; those of a step count as several. */
const mostChannels = 64;

/** The tile of which most is of use, and how much; undefined if rows are too short or not side by side. */
function bestTile(c: Correlation, { rows, vectors }: TileShape): { tile: DirectTile; use: number } | undefined {
  if (c.columns.distance !== 1 || c.columns.positions < 4) return undefined;
  const filters = Math.ceil(c.filters / Math.ceil(c.filters / rows));
  // Registers hold sums, pixels and a weight; the pixels of one filter go at once.
  const most = Math.floor((filters === 1 ? 12 : 14 / (filters + 1)) * (vectors / 2));
  const tiles = [vectors, 2, 1].flatMap((width) =>
    Array.from({ length: Math.floor(most / width) }, (_, i) => ({ filters, rows: i + 1, vectors: width })),
  );
  const useOf = (tile: DirectTile) => {
    const filled = fill(c.columns.positions, tile.vectors * 4) * fill(c.rows.positions, tile.rows);
    const paired = vectors > 2 && tile.vectors === 1 ? 0.5 : 1;
    const registers = (tile.filters * tile.rows * tile.vectors) / (vectors / 2);
    return filled * paired * Math.min(1, registers / 8);
  };
  return tiles
    .filter((tile) => tile.rows <= c.rows.positions && tile.vectors * 4 <= c.columns.positions)
    .map((tile) => ({ tile, use: useOf(tile) }))
    .reduce<{ tile: DirectTile; use: number } | undefined>(
      (best, next) => (next.use > (best?.use ?? 0) ? next : best),
      undefined,
    );
}

function fill(count: number, step: number): number {
  return count / roundUp(count, step);
}

export function planDirect({ key, batch, parts, epilogue }: Job, c: Correlation, tile: DirectTile): ConvolutionPlan {
  const plan: DirectPlan = { tile, epilogue };
  const scratch = roundUp(directScratchBytes(c), 64);
  const cuts = cutImages(batch, 1, directStrips(c, plan) * c.groups, parts);
  const [sourceBytes, outputBytes] = [
    4 * c.groups * c.channels * c.sourcePlane,
    4 * c.groups * c.filters * c.outputPlane,
  ];
  return {
    scratchBytes: cuts.length * scratch,
    steps: ({ first, second, output, bias, scratch: at }) => [
      {
        key,
        define: (module, name) => {
          const direct = defineDirect(module, c, plan);
          module.export(name, directParameters, (f, parameters) => f.call(direct, parameters));
        },
        calls: cuts.map(({ image, images, start, end }, i) => {
          const [from, to] = [first + image * sourceBytes, output + image * outputBytes];
          return [images, from, second, bias, to, at + i * scratch, start, end];
        }),
      },
    ],
  };
}
