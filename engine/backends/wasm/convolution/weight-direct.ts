// Generates the weight gradient of a convolution with few channels and filters to a group (first layers, depthwise): columns
// are in the lanes, the output gradient is read where it lies, and each product of some filters and some taps of one channel
// is an item of work. weight-gradient.ts, with filters in the lanes, is for the others.

import {
  extractLane,
  integers,
  type Local,
  load,
  type ModuleBuilder,
  madd,
  toValue,
  Value,
} from "../assembler/index.ts";
import { startsOf } from "../starts.ts";
import { counters } from "./bounds.ts";
import { defineFrame, defineLocate, type Framed, framedBytes, framedOf } from "./framed.ts";
import type { Correlation } from "./geometry.ts";

/** Filters and taps of one item, which has a sum of its own for each, and vectors of four columns. */
export interface WeightItem {
  readonly filters: number;
  readonly taps: number;
  readonly vectors: number;
}

/** `item.filters` must divide the filters, and rows hold its vectors. */
export function weightItems(c: Correlation, item: WeightItem): { ofChannel: number; all: number } {
  const ofChannel = (c.filters / item.filters) * Math.ceil(tapsOf(c) / item.taps);
  return { ofChannel, all: c.groups * c.channels * ofChannel };
}

/** Bytes of scratch space for some items. */
export function weightItemsBytes(c: Correlation, item: WeightItem, count: number): number {
  return placesBytes(c, item) + framedBytes(oneChannel(c), 1) + count * sumsBytes(item);
}

const tapsOf = (c: Correlation) => c.rows.taps.length * c.columns.taps.length;
const placesBytes = (c: Correlation, { taps }: WeightItem) => 4 * Math.ceil(tapsOf(c) / taps) * taps;
const sumsBytes = ({ filters, taps, vectors }: WeightItem) => 16 * filters * taps * vectors;

/** Channels are framed one by one. */
function oneChannel(c: Correlation): Framed {
  const framed = framedOf(c);
  return framed.inPlace ? framed : { ...framed, imageBytes: framed.channelBytes };
}

const parameters = integers("images", "source", "gradient", "output", "scratch", "first", "last");

/** Adds `name(images, source, gradient, output, scratch, first, last)`: the items from `first` to `last`; `c` is the forward one. */
export function defineWeightDirect(module: ModuleBuilder, name: string, c: Correlation, item: WeightItem): void {
  const framed = oneChannel(c);
  const frame = defineFrame(module, c, framed);
  const multiply = defineItem(module, c, framed, item);
  const locate = defineLocate(module, framed);
  const unload = defineUnload(module, c, item);
  const { ofChannel } = weightItems(c, item);
  const blocks = Math.ceil(tapsOf(c) / item.taps);
  const [outputPlane, sourceBytes] = [4 * c.outputPlane, 4 * c.sourcePlane];
  module.export(name, parameters, (f, { images, source, gradient, output, scratch, first, last }) => {
    const space = f.local("i32", scratch.add(placesBytes(c, item)));
    const sums = f.local("i32", space.add(framedBytes(framed, 1)));
    const [image, index, channel, framedChannel, origin, filters, block, filter, to] = counters(f, 9);
    f.call(locate, { to: scratch, first: 0, count: tapsOf(c), places: blocks * item.taps });
    f.fill(space, 0, last.sub(first).mul(sumsBytes(item)).add(framedBytes(framed, 1)));
    const decode = () => {
      // The channel counts over all groups.
      channel.set(index.div(ofChannel));
      filters.set(index.sub(channel.mul(ofChannel)).div(blocks));
      block.set(index.sub(channel.mul(ofChannel)).sub(filters.mul(blocks)));
      filter.set(channel.div(c.channels).mul(c.filters).add(filters.mul(item.filters)));
    };
    f.for(image, 0, images, 1, () => {
      framedChannel.set(-1);
      to.set(sums);
      f.for(index, first, last, 1, () => {
        decode();
        f.if(channel.ne(framedChannel), () => {
          origin.set(source.add(channel.mul(sourceBytes)));
          if (!framed.inPlace) {
            f.call(frame, { to: space, from: origin, images: 1, channels: 1 });
            origin.set(space);
          }
          framedChannel.set(channel);
        });
        f.call(multiply, {
          places: scratch.add(block.mul(4 * item.taps)),
          ...{ source: origin, gradient: gradient.add(filter.mul(outputPlane)), to },
        });
        to.increase(sumsBytes(item));
      });
      source.increase(c.groups * c.channels * sourceBytes);
      gradient.increase(c.groups * c.filters * outputPlane);
    });
    f.for(index, first, last, 1, () => {
      decode();
      const place = filter.mul(c.channels).add(channel.rem(c.channels)).mul(tapsOf(c)).add(block.mul(item.taps));
      f.call(unload, { from: sums, to: output.add(place.shl(2)), count: block.mul(-item.taps).add(tapsOf(c)) });
      sums.increase(sumsBytes(item));
    });
  });
}

/** Vectors of a row that are multiplied without a branch. */
const mostUnrolled = 16;

/** Adds the products of all positions of one image to an item's sums. */
function defineItem(module: ModuleBuilder, c: Correlation, framed: Framed, { filters, taps, vectors }: WeightItem) {
  return module.function("item", integers("places", "source", "gradient", "to"), (f, names) => {
    const { places, source, gradient, to } = names;
    const vectorsOf = (): Local<"f32x4">[] => Array.from({ length: vectors }, () => f.local("f32x4"));
    const sums = Array.from({ length: filters }, () => Array.from({ length: taps }, vectorsOf));
    const gradients = Array.from({ length: filters }, vectorsOf);
    const pixels = vectorsOf();
    const sources = Array.from({ length: taps }, (_, t) => f.local("i32", source.add(load("i32", places, t * 4))));
    const [row, end] = counters(f, 2);
    const [columns, lanes] = [c.columns.positions, vectors * 4];
    /** Columns from `at` on, the first `done` of which do not count: both factors are 0 there, whatever they are. */
    const step = (at: number, done: number) => {
      const counted = (x: Value<"f32x4">, j: number) => (done > 0 ? x.and(maskFrom(done - 4 * j)) : x);
      for (const [i, line] of gradients.entries()) {
        for (const [j, x] of line.entries())
          x.set(counted(load("f32x4", gradient, i * 4 * c.outputPlane + at * 4 + j * 16), j));
      }
      for (const [t, line] of sources.entries()) {
        for (const [j, x] of pixels.entries()) x.set(counted(load("f32x4", line, at * 4 + j * 16), j));
        for (const [i, tile] of sums.entries()) {
          for (const [j, sum] of tile[t]!.entries()) sum.set(madd(gradients[i]![j]!, pixels[j]!, sum));
        }
      }
    };
    const advance = (gradientBytes: number, sourceBytes: number) => {
      gradient.increase(gradientBytes);
      for (const line of sources) line.increase(sourceBytes);
    };
    const chunk = 4 * lanes;
    const looped = columns > mostUnrolled * 4 ? Math.floor(columns / chunk - 1) * chunk : 0;
    f.for(row, 0, c.rows.positions, 1, () => {
      if (looped > 0) {
        end.set(gradient.add(looped * 4));
        f.loop((again) => {
          for (let at = 0; at < chunk; at += lanes) step(at, 0);
          advance(chunk * 4, chunk * 4);
          f.branchIf(gradient.ltUnsigned(end), again);
        });
      }
      const left = columns - looped;
      for (const [i, at] of startsOf(left, lanes).entries()) step(at, i * lanes - at);
      advance(left * 4, framed.rowBytes - looped * 4);
    });
    for (const [n, sum] of sums.flat().entries()) {
      for (const [j, x] of sum.entries()) x.set(x.add(load("f32x4", to, (n * vectors + j) * 16)));
      for (const [j, x] of sum.entries()) f.store(to, x, (n * vectors + j) * 16);
    }
  });
}

/** All ones in the lanes from the first on that is asked for. */
function maskFrom(first: number): Value<"f32x4"> {
  const zeros = toValue("i32x4", 0).code;
  const bytes = zeros.slice(0, -16).concat(Array.from({ length: 16 }, (_, i) => (i >= first * 4 ? 255 : 0)));
  return new Value("f32x4", bytes);
}

/** Adds up the lanes of an item's sums, and writes those of the first `count` taps. */
function defineUnload(module: ModuleBuilder, c: Correlation, { filters, taps, vectors }: WeightItem) {
  return module.function("unload", integers("from", "to", "count"), (f, { from, to, count }) => {
    const sum = f.local("f32x4");
    for (let filter = 0; filter < filters; filter++) {
      for (let tap = 0; tap < taps; tap++) {
        f.if(count.gt(tap), () => {
          sum.set(load("f32x4", from, (filter * taps + tap) * vectors * 16));
          for (let j = 1; j < vectors; j++)
            sum.set(sum.add(load("f32x4", from, ((filter * taps + tap) * vectors + j) * 16)));
          const [low, high] = [
            extractLane(sum, 0).add(extractLane(sum, 1)),
            extractLane(sum, 2).add(extractLane(sum, 3)),
          ];
          f.store(to, low.add(high), 4 * (filter * c.channels * tapsOf(c) + tap));
        });
      }
    }
  });
}
