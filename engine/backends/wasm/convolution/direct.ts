// Generates a correlation that reads framed source and weights where they lie, with columns of the output in the lanes:
// nothing is packed, every size is a constant. For few filters (LeNet's first layer, depthwise convolutions), where packed
// patches (product.ts) would be used too seldom.
// J. Zhang, F. Franchetti, T. M. Low, High Performance Zero-Memory Overhead Direct Convolutions, 2018.

import { integers, type Local, load, loadSplat, type ModuleBuilder, madd } from "../assembler/index.ts";
import type { Epilogue } from "../matmul/register-tile.ts";
import { evenly } from "../work.ts";
import { counters, smaller } from "./bounds.ts";
import { defineFrame, type Framed, framedBytes, framedOf } from "./framed.ts";
import type { Correlation } from "./geometry.ts";

/** Filters, rows of the output and vectors of four columns that are computed together: as many sums as there are registers. */
export interface DirectTile {
  readonly filters: number;
  readonly rows: number;
  readonly vectors: number;
}

export interface DirectPlan {
  readonly tile: DirectTile;
  readonly epilogue: Epilogue;
}

/** Strips of filters in a group; parts are cut between them. */
export function directStrips(c: Correlation, { tile }: DirectPlan): number {
  return Math.ceil(c.filters / tile.filters);
}

export function directScratchBytes(c: Correlation): number {
  return framedBytes(framedOf(c), 1);
}

export const directParameters = integers("images", "source", "weight", "bias", "output", "scratch", "first", "last");

/**
 * Adds `direct`: the strips from `first` to `last` (over all groups) of the outputs of `images` images. Rows must hold the
 * columns of a tile, side by side.
 */
export function defineDirect(module: ModuleBuilder, c: Correlation, plan: DirectPlan) {
  const { tile } = plan;
  const framed = framedOf(c);
  const strips = evenly(c.filters, directStrips(c, plan));
  const [rows, columns] = [Math.min(tile.rows, c.rows.positions), tile.vectors * 4];
  const frame = defineFrame(module, c, framed);
  const sizes = [...new Set(strips.map(({ start, end }) => end - start))];
  const kernels = new Map(
    sizes.map((filters) => [filters, defineTile(module, c, framed, { filters, rows, vectors: tile.vectors }, plan)]),
  );
  const lineBytes = 4 * c.rows.distance * c.outputWidth;
  return module.function(
    "direct",
    directParameters,
    (f, { images, source, weight, bias, output, scratch, ...part }) => {
      if (!framed.inPlace) f.fill(scratch, 0, framedBytes(framed, 1));
      const [image, group, end, origin, row, column, to] = counters(f, 7);
      f.for(image, 0, images, 1, () => {
        end.set(part.last.add(strips.length - 1).div(strips.length));
        f.for(group, part.first.div(strips.length), end, 1, () => {
          origin.set(source.add(group.mul(4 * c.channels * c.sourcePlane)));
          if (!framed.inPlace) {
            f.call(frame, { to: scratch, from: origin, images: 1, channels: c.channels });
            origin.set(scratch);
          }
          for (const [i, { start, end }] of strips.entries()) {
            const strip = group.mul(strips.length).add(i);
            f.if(strip.ge(part.first).and(strip.lt(part.last)), () => {
              to.set(
                output.add(firstPlace(c)).add(
                  group
                    .mul(c.filters)
                    .add(start)
                    .mul(4 * c.outputPlane),
                ),
              );
              f.for(row, 0, c.rows.positions, rows, () => {
                const top = smaller(f, row, c.rows.positions - rows);
                f.for(column, 0, c.columns.positions, columns, () => {
                  const left = smaller(f, column, c.columns.positions - columns);
                  f.call(kernels.get(end - start)!, {
                    top,
                    source: origin.add(top.mul(framed.rowBytes)).add(left.shl(2)),
                    weight: weight.add(group.mul(4 * c.weight.group)).add(start * 4 * c.weight.filter),
                    bias: bias.add(group.mul(c.filters).add(start).shl(2)),
                    to: to.add(top.mul(lineBytes)).add(left.shl(2)),
                  });
                });
              });
            });
          }
        });
        source.increase(4 * c.groups * c.channels * c.sourcePlane);
        output.increase(4 * c.groups * c.filters * c.outputPlane);
      });
    },
  );
}

/** Rows of taps that lie outside of the source are left out where there are so many of them. */
const worthLeaving = 0.12;

/** The part of the rows of taps that no position of their tile meets inside of the source. */
function outsideOf({ rows: { taps, positions, step, source } }: Correlation, height: number): number {
  const tiles = Array.from({ length: Math.ceil(positions / height) }, (_, i) =>
    Math.min(i * height, positions - height),
  );
  const outside = tiles.flatMap((top) =>
    taps.filter(({ offset }) => top * step + offset >= source || (top + height - 1) * step + offset < 0),
  );
  return outside.length / (tiles.length * taps.length);
}

/** Kernels with more taps are looped over row by row. */
const mostUnrolled = 32;

/** The kernel of one tile: some filters over neighbouring positions, summed over all channels and taps. */
function defineTile(module: ModuleBuilder, c: Correlation, framed: Framed, tile: DirectTile, { epilogue }: DirectPlan) {
  const { filters, rows, vectors } = tile;
  const [tapRows, inRow] = [c.rows.taps, c.columns.taps.length];
  const leaves = outsideOf(c, rows) >= worthLeaving;
  const together = framed.taps.length <= mostUnrolled && !leaves ? tapRows.length : 1;
  const rowStep = tapRows.length > 1 ? framed.taps[inRow]! - framed.taps[0]! : 0;
  const indexStep = tapRows.length > 1 ? 4 * c.weight.row * (tapRows[1]!.index - tapRows[0]!.index) : 0;
  const low = Math.min(...framed.taps.slice(0, together * inRow));
  const taps = tapRows.slice(0, together).flatMap((r, i) =>
    c.columns.taps.map((s, j) => ({
      place: framed.taps[i * inRow + j]! - low,
      index: 4 * (r.index * c.weight.row + s.index),
    })),
  );
  return module.function(`${filters} filters`, integers("source", "weight", "bias", "to", "top"), (f, names) => {
    const { source, weight, bias, to, top } = names;
    const linesOf = (count: number): Local<"f32x4">[][] =>
      Array.from({ length: count }, () => Array.from({ length: vectors }, () => f.local("f32x4")));
    const sums = Array.from({ length: filters }, () => linesOf(rows));
    // What only one filter meets needs no register for long.
    const [pixels, [pixel]] = [linesOf(filters === 1 ? 0 : rows), linesOf(1)] as [
      Local<"f32x4">[][],
      [Local<"f32x4">[]],
    ];
    const element = f.local("f32x4");
    const [channel, line, filter, row, first, count] = counters(f, 6);
    source.increase(low);
    count.set(tapRows.length);
    if (leaves) {
      count.set(0);
      for (const [i, { offset }] of tapRows.entries()) {
        const met = top.mul(c.rows.step).add(offset);
        f.if(met.gt((1 - rows) * c.rows.step - 1).and(met.lt(c.rows.source)), () => {
          f.if(count.eq(0), () => first.set(i));
          count.increase(1);
        });
      }
      source.increase(first.mul(rowStep));
      weight.increase(first.mul(indexStep));
    }
    f.for(channel, 0, c.channels, 1, () => {
      const multiply = (from: Local<"i32">, weights: Local<"i32">) => {
        for (const { place, index } of taps) {
          const loadRow = (i: number, pixel: readonly Local<"f32x4">[]) => {
            for (const [j, x] of pixel.entries()) x.set(load("f32x4", from, place + i * framed.rowBytes + j * 16));
          };
          for (const [i, pixel] of pixels.entries()) loadRow(i, pixel);
          for (const [k, tile] of sums.entries()) {
            element.set(loadSplat("f32x4", weights, k * 4 * c.weight.filter + index));
            for (const [i, sum] of tile.entries()) {
              if (filters === 1) loadRow(i, pixel);
              for (const [j, x] of sum.entries()) x.set(madd(element, (pixels[i] ?? pixel)[j]!, x));
            }
          }
        }
      };
      if (together === tapRows.length) multiply(source, weight);
      else {
        line.set(source);
        filter.set(weight);
        f.for(row, 0, count, 1, () => {
          multiply(line, filter);
          line.increase(rowStep);
          filter.increase(indexStep);
        });
      }
      source.increase(framed.channelBytes);
      weight.increase(4 * c.weight.channel);
    });
    for (const [k, tile] of sums.entries()) {
      if (epilogue.bias === "row") element.set(loadSplat("f32x4", bias, k * 4));
      for (const [i, sum] of tile.entries()) {
        for (const x of sum) {
          if (epilogue.bias === "row") x.set(x.add(element));
          if (epilogue.activation !== undefined) x.set(epilogue.activation(x, f));
        }
        const place = 4 * (k * c.outputPlane + i * c.rows.distance * c.outputWidth);
        for (const [j, x] of sum.entries()) f.store(to, x, place + j * 16);
      }
    }
  });
}

/** Where the first position lies in the output, in bytes. */
function firstPlace({ rows, columns, outputWidth }: Correlation): number {
  return 4 * (rows.first * outputWidth + columns.first);
}
