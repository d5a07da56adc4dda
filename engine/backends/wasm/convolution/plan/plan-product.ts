// Plans a correlation, or the classes of one with a stride, as matrix products (product.ts): what is packed where, how
// images and filters are cut into parts.

import { integers, type ModuleBuilder } from "../../assembler/index.ts";
import { roundUp } from "../../starts.ts";
import { evenly } from "../../work.ts";
import { counters } from "../bounds.ts";
import { framedBytes, framedOf } from "../framed.ts";
import { type Correlation, coversAll } from "../geometry.ts";
import {
  definePackFilters,
  defineProduct,
  type ProductPlan,
  packedBytes,
  packParameters,
  productParameters,
  productScratchBytes,
  stripsOf,
} from "../product.ts";
import { cutImages } from "./cuts.ts";
import type { ConvolutionPlan, Job } from "./plan.ts";

/** Elements of the patches that are in a panel at once: with a tile's columns as many bytes as half of a first cache. */
const depth = 512;
/** More framed images are not kept at once. */
const mostFramedBytes = 1 << 20;

/** `correlations` write different elements of one output; if they leave some out, those become 0. */
export function planProduct(
  { key, batch, tile, parts, epilogue }: Job,
  correlations: readonly Correlation[],
): ConvolutionPlan {
  const members = correlations.map(
    (c): ProductPlan => ({
      tile: { rows: rowsFor(c.filters, tile.rows), vectors: tile.vectors },
      together: imagesTogether(c, batch, tile.vectors * 4),
      channels: channelsAtOnce(c),
      epilogue,
    }),
  );
  const packed = sums(correlations.map((c, i) => roundUp(packedBytes(c, members[i]!), 64)));
  const scratch = roundUp(Math.max(...correlations.map((c, i) => productScratchBytes(c, members[i]!))), 64);
  const [c, plan] = [correlations[0]!, members[0]!];
  const strips = stripsOf(c, plan).inAll;
  const inputBytes = 4 * c.groups * c.channels * c.sourcePlane;
  const outputBytes = 4 * c.groups * c.filters * c.outputPlane;
  const define = {
    pack: (module: ModuleBuilder, name: string) => {
      const packs = correlations.map((c, i) => definePackFilters(module, c, members[i]!));
      module.export(name, packParameters, (f, { packed: to, ...rest }) => {
        for (const [i, pack] of packs.entries()) f.call(pack, { ...rest, packed: to.add(packed.starts[i]!) });
      });
    },
    multiply: (module: ModuleBuilder, name: string) => {
      const products = correlations.map((c, i) => defineProduct(module, c, members[i]!));
      const clear = coversAll(correlations) ? undefined : defineClear(module, c, plan);
      module.export(name, productParameters, (f, { packed: from, ...rest }) => {
        const { images, output, first, last } = rest;
        if (clear !== undefined) f.call(clear, { images, output, first, last });
        for (const [i, product] of products.entries())
          f.call(product, { ...rest, packed: from.add(packed.starts[i]!) });
      });
    },
  };
  const cuts = cutImages(batch, Math.max(...members.map(({ together }) => together)), strips, parts);
  return {
    scratchBytes: packed.total + cuts.length * scratch,
    steps: ({ first, second, output, bias, scratch: at }) => [
      {
        key: `${key} pack`,
        define: define.pack,
        calls: evenly(strips, parts).map(({ start, end }) => [second, bias, at, start, end]),
      },
      {
        key: `${key} multiply ${members.map(({ together }) => together).join(" ")}`,
        define: define.multiply,
        calls: cuts.map(({ image, images, start, end }, i) => {
          const [from, to] = [first + image * inputBytes, output + image * outputBytes];
          return [images, from, at, to, at + packed.total + i * scratch, start, end];
        }),
      },
    ],
  };
}

/** Sets the outputs of some strips to 0. */
function defineClear(module: ModuleBuilder, c: Correlation, plan: ProductPlan) {
  const strips = stripsOf(c, plan);
  return module.function(
    "clear",
    integers("images", "output", "first", "last"),
    (f, { images, output, first, last }) => {
      const [start, end, group, image] = counters(f, 4);
      for (const [filter, strip] of [
        [start, first],
        [end, last],
      ] as const) {
        group.set(strip.div(strips.inGroup));
        filter.set(strip.sub(group.mul(strips.inGroup)).mul(plan.tile.rows));
        f.if(filter.gt(c.filters), () => filter.set(c.filters));
        filter.increase(group.mul(c.filters));
      }
      f.for(image, 0, images, 1, () => {
        const plane = image.mul(c.groups * c.filters);
        f.fill(output.add(plane.add(start).mul(4 * c.outputPlane)), 0, end.sub(start).mul(4 * c.outputPlane));
      });
    },
  );
}

/** As many filters as fill their strips best; a tile of fewer rows is a little slower. */
function rowsFor(filters: number, most: number): number {
  const counts = Array.from({ length: Math.max(1, most - 3) }, (_, i) => most - i);
  const cost = (rows: number) => Math.ceil(filters / rows) * (rows + 0.3);
  return counts.reduce((best, rows) => (cost(rows) < cost(best) ? rows : best));
}

/** Blocks of channels of the same size. */
function channelsAtOnce({ channels, rows, columns }: Correlation): number {
  const most = Math.max(1, Math.floor(depth / (rows.taps.length * columns.taps.length)));
  return Math.ceil(channels / Math.ceil(channels / most));
}

/** As few images as have positions that fill their panels up to 3 % or best; one if there are many positions. */
function imagesTogether(c: Correlation, batch: number, columns: number): number {
  const framed = framedBytes(framedOf(c), 1);
  const positions = c.rows.positions * c.columns.positions;
  const most = Math.max(1, Math.min(batch, 16, Math.floor(mostFramedBytes / Math.max(framed, 1))));
  const filled = (images: number) => (images * positions) / roundUp(images * positions, columns);
  let best = 1;
  for (let images = 1; images <= most && filled(best) < 0.97; images++)
    if (filled(images) > filled(best)) best = images;
  return best;
}

function sums(sizes: readonly number[]): { starts: readonly number[]; total: number } {
  let total = 0;
  const starts = sizes.map((size) => {
    total += size;
    return total - size;
  });
  return { starts, total };
}
