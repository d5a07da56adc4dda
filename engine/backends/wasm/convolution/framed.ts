// How the source of a correlation lies in memory when the kernels read it: with its frame of zeros, and with columns sorted
// by their remainder modulo the step, so that what neighbouring positions meet under one tap lies side by side whatever
// padding, stride and dilation are. A source that is so already is read where it is.

import { type FunctionBuilder, integers, load, type ModuleBuilder, shuffle, type Value } from "../assembler/index.ts";
import { startsOf } from "../starts.ts";
import { counters } from "./bounds.ts";
import type { Axis, Correlation } from "./geometry.ts";

/** In bytes. Position (i, j) of image n meets tap (r, s) of channel c at the sum of their parts. */
export interface Framed {
  /** No copy is made. */
  readonly inPlace: boolean;
  /** Of one group's channels, or of all groups' if in place. */
  readonly imageBytes: number;
  readonly channelBytes: number;
  /** From a row of positions to the next. */
  readonly rowBytes: number;
  /** One for each tap, row by row. */
  readonly taps: readonly number[];
  readonly row: Spread;
  readonly column: Spread;
}

/** One axis of a framed source. */
interface Spread {
  /** The source element at place 0. */
  readonly low: number;
  /** Places with everything that is read. */
  readonly places: number;
  /** Remainders modulo the step that are read. */
  readonly remainders: readonly number[];
  readonly step: number;
  readonly source: number;
}

function spreadOf({ source, positions, step, taps }: Axis): Spread {
  const offsets = taps.map(({ offset }) => offset);
  const low = Math.min(...offsets);
  const places = Math.max(...offsets) - low + (positions - 1) * step + 1;
  const remainders = [...new Set(offsets.map((offset) => (offset - low) % step))];
  return { low, places, remainders, step, source };
}

export function framedOf(c: Correlation): Framed {
  const [row, column] = [spreadOf(c.rows), spreadOf(c.columns)];
  const within = ({ low, places, source }: Spread) => low >= 0 && low + places <= source;
  const inPlace = c.columns.step === 1 && within(row) && within(column);
  const run = Math.ceil(column.places / column.step);
  const pitch = inPlace ? c.columns.source : run * column.step;
  const channelBytes = 4 * (inPlace ? c.sourcePlane : pitch * row.places);
  const first = inPlace ? row.low * pitch + column.low : 0;
  const taps = c.rows.taps.flatMap((r) =>
    c.columns.taps.map((s) => {
      const place = s.offset - column.low;
      const sorted = inPlace ? place : (place % column.step) * run + Math.floor(place / column.step);
      return 4 * (first + (r.offset - row.low) * pitch + sorted);
    }),
  );
  const imageBytes = channelBytes * c.channels * (inPlace ? c.groups : 1);
  return { inPlace, imageBytes, channelBytes, rowBytes: 4 * pitch * row.step, taps, row, column };
}

/** Bytes of scratch space for some framed images. */
export function framedBytes({ inPlace, imageBytes }: Framed, images: number): number {
  return inPlace ? 0 : imageBytes * images;
}

/**
 * Adds a function that copies `channels` channels of `images` images into a space of zeros, whose frame it leaves alone:
 * cleared once, the space can be used again and again.
 */
export function defineFrame(module: ModuleBuilder, c: Correlation, framed: Framed) {
  const { row, column, channelBytes, imageBytes } = framed;
  const pitch = (framed.rowBytes / row.step) | 0;
  const run = pitch / column.step;
  return module.function("frame", integers("to", "from", "images", "channels"), (f, { to, from, images, channels }) => {
    const [image, channel, line] = [f.local("i32"), f.local("i32"), f.local("i32")];
    const [source, target] = [f.local("i32"), f.local("i32")];
    f.for(image, 0, images, 1, () => {
      f.for(channel, 0, channels, 1, () => {
        for (const remainder of row.remainders) {
          const lines = insideOf(row, remainder);
          const place = (line: number) => line * row.step + remainder;
          source.set(
            from.add(channel.mul(c.sourcePlane * 4)).add((place(lines.start) + row.low) * 4 * c.columns.source),
          );
          target.set(to.add(channel.mul(channelBytes)).add(place(lines.start) * pitch));
          f.for(line, lines.start, lines.end, 1, () => {
            for (const phase of column.remainders) {
              const { start, end } = insideOf(column, phase);
              const at = start * column.step + phase + column.low;
              copyLine(f, target.add(phase * run + start * 4), source.add(at * 4), end - start, column.step);
            }
            source.increase(4 * row.step * c.columns.source);
            target.increase(framed.rowBytes);
          });
        }
      });
      from.increase(4 * c.groups * c.channels * c.sourcePlane);
      to.increase(imageBytes);
    });
  });
}

/** The places with a remainder, counted in steps, that lie inside of the source. */
function insideOf({ low, places, step, source }: Spread, remainder: number): { start: number; end: number } {
  const start = Math.max(0, Math.ceil((-low - remainder) / step));
  const end = Math.ceil((Math.min(places, source - low) - remainder) / step);
  return { start, end: Math.max(start, end) };
}

/** Copies every `step`-th of a line's elements; `count` is known, and long lines are looped over. */
function copyLine(f: FunctionBuilder, to: Value<"i32">, from: Value<"i32">, count: number, step: number): void {
  const [source, target] = [f.local("i32", from), f.local("i32", to)];
  const copy = (at: number, lanes: number) => {
    const from = at * step * 4;
    if (lanes === 1) f.store(target, load("f32", source, from), at * 4);
    else if (step === 1) f.store(target, load("f32x4", source, from), at * 4);
    else {
      // Two vectors that overlap: not an element beyond the last is read.
      const [low, high] = [load("f32x4", source, from), load("f32x4", source, from + 12)];
      f.store(target, shuffle(low, high, [0, 2, 5, 7]), at * 4);
    }
  };
  const copyAll = (length: number) => {
    const lanes = step <= 2 && length >= 4 ? 4 : 1;
    for (const at of startsOf(length, lanes)) copy(at, lanes);
  };
  const chunk = 32;
  if (count > 2 * chunk) {
    const end = f.local("i32", target.add(Math.floor(count / chunk) * chunk * 4));
    f.loop((again) => {
      copyAll(chunk);
      source.increase(chunk * step * 4);
      target.increase(chunk * 4);
      f.branchIf(target.ltUnsigned(end), again);
    });
    copyAll(count % chunk);
  } else copyAll(count);
}

/** Adds a function that writes down where `count` elements under the kernel lie in the framed source; what is left to `places` is like the last. */
export function defineLocate(module: ModuleBuilder, { taps, channelBytes }: Framed) {
  return module.function("locate", integers("to", "first", "count", "places"), (f, { to, first, count, places }) => {
    const [element, channel] = counters(f, 2);
    const end = f.local("i32", to.add(places.shl(2)));
    const last = f.local("i32", to.add(count.shl(2)));
    element.set(first.mul(-1));
    f.whileTrue(
      () => to.ltUnsigned(last),
      () => {
        for (const tap of taps) {
          f.if(element.ge(0).and(to.ltUnsigned(last)), () => {
            f.store(to, channel.add(tap));
            to.increase(4);
          });
          element.increase(1);
        }
        channel.increase(channelBytes);
      },
    );
    f.whileTrue(
      () => to.ltUnsigned(end),
      () => {
        f.store(to, load("i32", last.sub(4)));
        to.increase(4);
      },
    );
  });
}
