// Generates the weight gradient of a convolution: for each filter and each element under the kernel the sum, over positions
// and images, of output gradient times what the element meets. Filters are in the lanes: the output gradient is packed in
// panels (matmul/pack.ts), the framed input is read where it lies, one element under the kernel for each row of the tile.
// Parts are cut by filters and by elements under the kernel, so that nobody adds to the sums of another.

import { integers, type Local, load, loadSplat, type ModuleBuilder, madd } from "../assembler/index.ts";
import { definePack } from "../matmul/pack.ts";
import type { TileShape } from "../matmul/register-tile.ts";
import { counters, difference, smaller } from "./bounds.ts";
import { defineFrame, defineLocate, type Framed, framedBytes, framedOf } from "./framed.ts";
import type { Correlation } from "./geometry.ts";

export interface WeightPlan {
  /** Elements under the kernel by vectors of four filters. */
  readonly tile: TileShape;
  /** Images and rows of positions that are summed before the sums go back to memory. */
  readonly together: number;
  readonly rows: number;
}

/** What one call computes: panels of filters (over all groups) by tiles of elements under the kernel (of each group). */
export interface WeightPart {
  readonly firstPanel: number;
  readonly lastPanel: number;
  readonly firstTile: number;
  readonly lastTile: number;
}

/** Panels of one group, and tiles. */
export function weightPartsOf(c: Correlation, { tile }: WeightPlan): { panels: number; tiles: number } {
  return {
    panels: Math.ceil(c.filters / (4 * tile.vectors)),
    tiles: Math.ceil((c.channels * tapsOf(c)) / tile.rows),
  };
}

/** Bytes of scratch space for a part. */
export function weightScratchBytes(c: Correlation, plan: WeightPlan, part: WeightPart): number {
  const [panels, tiles] = [part.lastPanel - part.firstPanel, part.lastTile - part.firstTile];
  const sums = panels * tiles * tileBytes(plan);
  return 4 * tiles * plan.tile.rows + panelBytes(c, plan) + framedBytes(framedOf(c), plan.together) + sums;
}

const tapsOf = (c: Correlation) => c.rows.taps.length * c.columns.taps.length;
const tileBytes = ({ tile }: WeightPlan) => 16 * tile.rows * tile.vectors;
const panelBytes = (c: Correlation, { tile, together, rows }: WeightPlan) =>
  16 * tile.vectors * together * rows * c.columns.positions;

const parameters = integers(
  ...(["images", "source", "gradient", "output", "scratch"] as const),
  ...(["firstPanel", "lastPanel", "firstTile", "lastTile"] as const),
);

/** Adds `name(images, source, gradient, output, scratch, firstPanel, lastPanel, firstTile, lastTile)`; `c` is the forward one. */
export function defineWeightGradient(module: ModuleBuilder, name: string, c: Correlation, plan: WeightPlan): void {
  const { tile, together } = plan;
  const lanes = tile.vectors * 4;
  const framed = framedOf(c);
  const { panels } = weightPartsOf(c, plan);
  const taps = tapsOf(c);
  const [positions, planeBytes] = [c.rows.positions * c.columns.positions, 4 * c.sourcePlane];
  const frame = defineFrame(module, c, framed);
  const pack = definePack(module, "pack gradient", lanes);
  const multiply = defineWeightTile(module, c, framed, plan);
  const locate = defineLocate(module, framed);
  const unload = defineUnload(module, c, plan);
  module.export(name, parameters, (f, { images, source, gradient, output, scratch, ...part }) => {
    const { firstPanel, lastPanel, firstTile, lastTile } = part;
    const [first, count, channel, channels, tiles] = counters(f, 5);
    const [panel, sums, space, origin, image] = counters(f, 5);
    const [group, panelOfGroup, framedGroup, row, height, together_] = counters(f, 6);
    const [index, to] = counters(f, 2);
    tiles.set(lastTile.sub(firstTile));
    first.set(firstTile.mul(tile.rows));
    count.set(smaller(f, lastTile.mul(tile.rows), c.channels * taps).sub(first));
    channel.set(first.div(taps));
    channels.set(
      first
        .add(count)
        .add(taps - 1)
        .div(taps)
        .sub(channel),
    );
    panel.set(scratch.add(tiles.mul(4 * tile.rows)));
    space.set(panel.add(panelBytes(c, plan)));
    sums.set(space.add(framedBytes(framed, together)));
    f.call(locate, { to: scratch, first: first.sub(channel.mul(taps)), count, places: tiles.mul(tile.rows) });
    f.fill(space, 0, lastPanel.sub(firstPanel).mul(tiles).mul(tileBytes(plan)).add(framedBytes(framed, together)));
    f.whileTrue(
      () => images.gt(0),
      () => {
        together_.set(smaller(f, images, together));
        framedGroup.set(-1);
        f.for(index, firstPanel, lastPanel, 1, () => {
          group.set(index.div(panels));
          panelOfGroup.set(index.sub(group.mul(panels)));
          f.if(group.ne(framedGroup), () => {
            origin.set(source.add(group.mul(c.channels).add(channel).mul(planeBytes)));
            if (!framed.inPlace) {
              f.call(frame, { to: space, from: origin, images: together_, channels });
              origin.set(space);
            }
            framedGroup.set(group);
          });
          f.for(row, 0, c.rows.positions, plan.rows, () => {
            height.set(smaller(f, difference(c.rows.positions, row), plan.rows));
            f.for(image, 0, together_, 1, () => {
              const filter = image.mul(c.groups).add(group).mul(c.filters).add(panelOfGroup.mul(lanes));
              f.call(pack, {
                to: panel.add(image.mul(height).mul(c.columns.positions * lanes * 4)),
                from: gradient.add(filter.mul(positions).add(row.mul(c.columns.positions)).shl(2)),
                lines: smaller(f, difference(c.filters, panelOfGroup.mul(lanes)), lanes),
                ...{ k: height.mul(c.columns.positions), lineBytes: 4 * positions, elementBytes: 4 },
              });
            });
            to.set(sums.add(index.sub(firstPanel).mul(tiles).mul(tileBytes(plan))));
            f.call(multiply, {
              ...{ places: scratch, source: origin.add(row.mul(framed.rowBytes)), panel, to },
              ...{ images: together_, rows: height, tiles },
            });
          });
        });
        source.increase(together * c.groups * c.channels * planeBytes);
        gradient.increase(4 * together * c.groups * c.filters * positions);
        images.increase(-together);
      },
    );
    f.for(index, firstPanel, lastPanel, 1, () => {
      group.set(index.div(panels));
      panelOfGroup.set(index.sub(group.mul(panels)).mul(lanes));
      f.call(unload, {
        from: sums.add(index.sub(firstPanel).mul(tiles).mul(tileBytes(plan))),
        to: output.add(
          group
            .mul(c.filters)
            .add(panelOfGroup)
            .mul(c.channels * taps)
            .add(first)
            .shl(2),
        ),
        filters: smaller(f, difference(c.filters, panelOfGroup), lanes),
        count,
      });
    });
  });
}

/** Positions of a row that are multiplied without a branch. */
const mostUnrolled = 16;
const unrolled = 8;

/** Adds the products of all positions of some rows and images to the sums of `tiles` tiles. */
function defineWeightTile(module: ModuleBuilder, c: Correlation, framed: Framed, { tile }: WeightPlan) {
  const { rows: height, vectors } = tile;
  const columns = c.columns.positions;
  const names = integers("places", "source", "panel", "to", "images", "rows", "tiles");
  return module.function("weight tiles", names, (f, { places, source, panel, to, images, rows, tiles }) => {
    const vectorsOf = (): Local<"f32x4">[] => Array.from({ length: vectors }, () => f.local("f32x4"));
    const sums = Array.from({ length: height }, vectorsOf);
    const gradients = vectorsOf();
    const element = f.local("f32x4");
    const sources = Array.from({ length: height }, () => f.local("i32"));
    const [at, row, image, tileIndex, end] = counters(f, 5);
    const step = (count: number) => {
      for (let i = 0; i < count; i++) {
        for (const [j, gradient] of gradients.entries()) gradient.set(load("f32x4", at, (i * vectors + j) * 16));
        for (const [r, line] of sums.entries()) {
          element.set(loadSplat("f32x4", sources[r]!, i * 4));
          for (const [j, sum] of line.entries()) sum.set(madd(element, gradients[j]!, sum));
        }
      }
      at.increase(count * vectors * 16);
    };
    const advance = (bytes: number) => {
      if (bytes !== 0) for (const line of sources) line.increase(bytes);
    };
    f.for(tileIndex, 0, tiles, 1, () => {
      at.set(panel);
      for (const [r, line] of sources.entries()) line.set(source.add(load("i32", places, r * 4)));
      for (const line of sums) for (const sum of line) sum.set(0);
      f.for(image, 0, images, 1, () => {
        f.for(row, 0, rows, 1, () => {
          const left = columns <= mostUnrolled ? columns : columns % unrolled;
          if (left < columns) {
            end.set(at.add((columns - left) * vectors * 16));
            f.loop((again) => {
              step(unrolled);
              advance(unrolled * 4);
              f.branchIf(at.ltUnsigned(end), again);
            });
          }
          step(left);
          advance(framed.rowBytes - (columns - left) * 4);
        });
        const rest = f.local("i32", rows.mul(-framed.rowBytes).add(framed.imageBytes));
        for (const line of sources) line.increase(rest);
      });
      for (const [r, line] of sums.entries()) {
        for (const [j, sum] of line.entries()) sum.set(sum.add(load("f32x4", to, (r * vectors + j) * 16)));
        for (const [j, sum] of line.entries()) f.store(to, sum, (r * vectors + j) * 16);
      }
      places.increase(4 * height);
      to.increase(height * vectors * 16);
    });
  });
}

/** Turns sums, filters in the lanes, into lines of filters. */
function defineUnload(module: ModuleBuilder, c: Correlation, { tile }: WeightPlan) {
  return module.function("unload", integers("from", "to", "filters", "count"), (f, { from, to, filters, count }) => {
    const [filter, element, source, target] = counters(f, 4);
    f.for(filter, 0, filters, 1, () => {
      source.set(from.add(filter.shl(2)));
      target.set(to);
      f.for(element, 0, count, 1, () => {
        f.store(target, load("f32", source));
        source.increase(16 * tile.vectors);
        target.increase(4);
      });
      to.increase(4 * c.channels * tapsOf(c));
    });
  });
}
