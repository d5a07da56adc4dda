// Generates a correlation as a matrix product, filters by positions: filters are packed once, patches panel by panel on the
// way (patches.ts). The general way, and the fast one for more than a few filters; direct.ts is for the others.
// K. Chellapilla, S. Puri, P. Simard, High Performance Convolutional Neural Networks for Document Processing, 2006.

import { integers, load, type ModuleBuilder, type Value } from "../assembler/index.ts";
import { defineTile, type Epilogue, type TileShape } from "../matmul/register-tile.ts";
import { counters, difference, larger, smaller } from "./bounds.ts";
import { defineFrame, framedBytes, framedOf } from "./framed.ts";
import type { Correlation } from "./geometry.ts";
import { definePatches, eachRun } from "./patches.ts";

export interface ProductPlan {
  readonly tile: TileShape;
  /** Images whose positions are counted through, so that small images fill panels. */
  readonly together: number;
  /** Channels whose patches are in a panel at once. */
  readonly channels: number;
  readonly epilogue: Epilogue;
}

/** Rows of filters that are multiplied together, in one group and in all; parts are cut between them. */
export function stripsOf(c: Correlation, { tile }: ProductPlan): { inGroup: number; inAll: number } {
  const inGroup = Math.ceil(c.filters / tile.rows);
  return { inGroup, inAll: inGroup * c.groups };
}

/** Bytes of the packed filters, with the bias behind them. */
export function packedBytes(c: Correlation, plan: ProductPlan): number {
  const lines = stripsOf(c, plan).inAll * plan.tile.rows;
  return 4 * lines * (patchOf(c) + 1);
}

/** Bytes of scratch space for a call of the product. */
export function productScratchBytes(c: Correlation, plan: ProductPlan): number {
  return panelBytes(c, plan) + spareBytes(plan) + framedBytes(framedOf(c), plan.together);
}

export const packParameters = integers("weight", "bias", "packed", "first", "last");
export const productParameters = integers("images", "source", "packed", "output", "scratch", "first", "last");

const tapsOf = (c: Correlation) => c.rows.taps.length * c.columns.taps.length;
const patchOf = (c: Correlation) => c.channels * tapsOf(c);
const panelBytes = (c: Correlation, { tile, channels }: ProductPlan) => 16 * tile.vectors * channels * tapsOf(c);
const spareBytes = ({ tile }: ProductPlan) => 16 * tile.rows * tile.vectors;

/**
 * Adds `pack(weight, bias, packed, first, last)`: packs strips of filters, block of channels by block of channels. Lines that
 * the last strip lacks are copies of the last filter.
 */
export function definePackFilters(module: ModuleBuilder, c: Correlation, plan: ProductPlan) {
  const { rows } = plan.tile;
  const strips = stripsOf(c, plan);
  const [taps, rowTaps] = [tapsOf(c), c.rows.taps];
  const rowStep = rowTaps.length > 1 ? rowTaps[1]!.index - rowTaps[0]!.index : 0;
  return module.function("pack filters", packParameters, (f, { weight, bias, packed, first, last }) => {
    const [strip, group, panel, channel, depth] = counters(f, 5);
    const [to, channelInBlock, row, line] = counters(f, 4);
    const lines = Array.from({ length: rows }, () => f.local("i32"));
    f.for(strip, first, last, 1, () => {
      group.set(strip.div(strips.inGroup));
      panel.set(strip.sub(group.mul(strips.inGroup)));
      for (const [i, start] of lines.entries()) {
        line.set(smaller(f, panel.mul(rows).add(i), c.filters - 1));
        start.set(weight.add(group.mul(4 * c.weight.group)).add(line.mul(4 * c.weight.filter)));
        if (plan.epilogue.bias === "row") {
          const to = packed.add(4 * strips.inAll * rows * patchOf(c)).add(strip.mul(4 * rows));
          f.store(to, load("f32", bias.add(group.mul(c.filters).add(line).shl(2))), i * 4);
        }
      }
      f.for(channel, 0, c.channels, plan.channels, () => {
        depth.set(smaller(f, difference(c.channels, channel), plan.channels));
        to.set(packedBlock(c, plan, packed, group, channel).add(panel.mul(depth).mul(4 * rows * taps)));
        f.for(channelInBlock, 0, depth, 1, () => {
          f.for(row, 0, rowTaps.length, 1, () => {
            const inRow = row.mul(rowStep * c.weight.row).add(rowTaps[0]!.index * c.weight.row);
            line.set(channel.add(channelInBlock).mul(c.weight.channel).add(inRow).shl(2));
            for (const [i, start] of lines.entries()) {
              const source = f.local("i32", start.add(line));
              for (const [j, { index }] of c.columns.taps.entries()) {
                f.store(to, load("f32", source, index * 4), (j * rows + i) * 4);
              }
            }
            to.increase(4 * rows * c.columns.taps.length);
          });
        });
      });
    });
  });
}

/**
 * Adds `product(images, source, packed, output, scratch, first, last)`: the strips from `first` to `last` (over all groups)
 * of the outputs of `images` images.
 */
export function defineProduct(module: ModuleBuilder, c: Correlation, plan: ProductPlan) {
  const { together } = plan;
  const [rows, columns] = [plan.tile.rows, plan.tile.vectors * 4];
  const framed = framedOf(c);
  const [strips, positions] = [stripsOf(c, plan).inGroup, c.rows.positions * c.columns.positions];
  const frame = defineFrame(module, c, framed);
  const patches = definePatches(module, c, framed, columns);
  const multiply = defineStrips(module, c, plan);
  return module.function(
    "product",
    productParameters,
    (f, { images, source, packed, output, scratch, first, last }) => {
      const spare = f.local("i32", scratch.add(panelBytes(c, plan)));
      const space = f.local("i32", spare.add(spareBytes(plan)));
      const biases = f.local("i32", packed.add(4 * stripsOf(c, plan).inAll * rows * patchOf(c)));
      if (!framed.inPlace) f.fill(space, 0, framedBytes(framed, together));
      const [group, lastGroup, channel, depth, count, position, width, start, filters, origin] = counters(f, 10);
      const [a, bias, to] = counters(f, 3);
      /** One unit: all positions of some images. */
      const multiplyUnit = () => {
        f.for(group, first.div(strips), lastGroup, 1, () => {
          start.set(larger(f, first.sub(group.mul(strips)), 0).mul(rows));
          filters.set(smaller(f, last.sub(group.mul(strips)).mul(rows), c.filters).sub(start));
          bias.set(
            biases.add(
              group
                .mul(strips * rows)
                .add(start)
                .shl(2),
            ),
          );
          to.set(
            output.add(
              group
                .mul(c.filters)
                .add(start)
                .mul(4 * c.outputPlane),
            ),
          );
          origin.set(source.add(group.mul(4 * c.channels * c.sourcePlane)));
          if (!framed.inPlace) {
            f.call(frame, { to: space, from: origin, images: smaller(f, images, together), channels: c.channels });
            origin.set(space);
          }
          f.for(channel, 0, c.channels, plan.channels, () => {
            depth.set(smaller(f, difference(c.channels, channel), plan.channels));
            a.set(packedBlock(c, plan, packed, group, channel).add(start.mul(depth).mul(4 * tapsOf(c))));
            f.for(position, 0, count, columns, () => {
              width.set(smaller(f, count.sub(position), columns));
              const from = origin.add(channel.mul(framed.channelBytes));
              f.call(patches, { to: scratch, from, position, count: width, channels: depth });
              f.call(multiply, {
                ...{ filters, position, width, k: depth.mul(tapsOf(c)), a, b: scratch, bias, output: to, spare },
                ...{ add: channel, finish: channel.add(plan.channels).ge(c.channels) },
              });
            });
          });
        });
      };
      lastGroup.set(last.add(strips - 1).div(strips));
      f.whileTrue(
        () => images.gt(0),
        () => {
          count.set(smaller(f, images, together).mul(positions));
          multiplyUnit();
          source.increase(4 * together * c.groups * c.channels * c.sourcePlane);
          output.increase(together * imageBytes(c));
          images.increase(-together);
        },
      );
    },
  );
}

const stripParameters = integers(
  ...(["filters", "position", "width", "k", "a", "b", "bias", "output", "spare", "add", "finish"] as const),
);

/** Multiplies a panel of patches by some filters, strip by strip; `output` is that of the unit's first image. */
function defineStrips(module: ModuleBuilder, c: Correlation, { tile, epilogue }: ProductPlan) {
  const [rows, columns] = [tile.rows, tile.vectors * 4];
  const positions = c.rows.positions * c.columns.positions;
  const multiply = defineTile(module, tile, epilogue);
  const [unload, loadBack] = [false, true].map((back) => defineUnload(module, c, columns, back)) as [Unload, Unload];
  return module.function(
    "strips",
    stripParameters,
    (f, { filters, position, width, k, a, b, bias, output, ...rest }) => {
      const { spare, add, finish } = rest;
      const image = f.local("i32", position.div(positions));
      const within = f.local("i32", position.sub(image.mul(positions)));
      const whole = f.local("i32", contiguous(c) ? within.add(columns).le(positions) : 0);
      const height = f.local("i32");
      f.whileTrue(
        () => filters.gt(0),
        () => {
          height.set(smaller(f, filters, rows));
          const run = (to: Value<"i32">, rowBytes: number) =>
            f.call(multiply, { k, a, aBytes: 0, height, b, c: to, rowBytes, add, finish, bias });
          f.if(
            whole.and(height.eq(rows)),
            () => run(output.add(image.mul(imageBytes(c))).add(within.shl(2)), 4 * c.outputPlane),
            () => {
              const place = { spare, output, position, count: width, height };
              f.if(add, () => f.call(loadBack, place));
              run(spare, 4 * columns);
              f.call(unload, place);
            },
          );
          a.increase(k.mul(4 * rows));
          bias.increase(4 * rows);
          output.increase(4 * rows * c.outputPlane);
          filters.increase(-rows);
        },
      );
    },
  );
}

/** Where a block of channels of a group's packed filters begins. */
function packedBlock(
  c: Correlation,
  plan: ProductPlan,
  packed: Value<"i32">,
  group: Value<"i32">,
  channel: Value<"i32">,
) {
  const lineBytes = 4 * stripsOf(c, plan).inGroup * plan.tile.rows;
  return packed.add(group.mul(lineBytes * patchOf(c))).add(channel.mul(lineBytes * tapsOf(c)));
}

/** Positions lie in the output as they are counted. */
function contiguous(c: Correlation): boolean {
  return c.columns.distance === 1 && c.rows.distance === 1 && c.columns.positions === c.outputWidth;
}

const imageBytes = (c: Correlation) => 4 * c.groups * c.filters * c.outputPlane;

type Unload = ReturnType<typeof defineUnload>;

/** Copies the part of a tile that is there to its places in the output, or from there back. */
function defineUnload(module: ModuleBuilder, c: Correlation, columns: number, back: boolean) {
  const { distance } = c.columns;
  const parameters = integers("spare", "output", "position", "count", "height");
  return module.function("unload", parameters, (f, { spare, output, position, count, height }) => {
    const [i, place, tile, target, left] = counters(f, 5);
    const copyWhile = (type: "f32" | "f32x4", lanes: number) =>
      f.whileTrue(
        () => left.ge(lanes),
        () => {
          if (back) f.store(tile, load(type, target));
          else f.store(target, load(type, tile));
          tile.increase(4 * lanes);
          target.increase(4 * lanes * distance);
          left.increase(-lanes);
        },
      );
    eachRun(f, c, position, count, ({ image, row, column, run }) => {
      const line = row.mul(c.rows.distance).add(c.rows.first).mul(c.outputWidth);
      const at = line.add(column.mul(distance)).add(c.columns.first);
      place.set(output.add(image.mul(imageBytes(c))).add(at.shl(2)));
      f.for(i, 0, height, 1, () => {
        tile.set(spare.add(i.mul(4 * columns)));
        target.set(place.add(i.mul(4 * c.outputPlane)));
        left.set(run);
        if (distance === 1) copyWhile("f32x4", 4);
        copyWhile("f32", 1);
      });
      spare.increase(run.shl(2));
    });
  });
}
