// Numbers as a line of block characters, so that a terminal sees a curve too: ▁▂▄▇.

import { extentOf } from "../numbers.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";

/** At most `width` blocks, each the mean of its share of the values. */
export function sparkline(values: ArrayLike<number | null>, width = 24): string {
  const finite = Array.from(values).filter((value) => value !== null && Number.isFinite(value)) as number[];
  const count = Math.min(width, finite.length);
  const means = Array.from({ length: count }, (_, index) => {
    const share = finite.slice(
      Math.floor((index * finite.length) / count),
      Math.floor(((index + 1) * finite.length) / count),
    );
    return share.reduce((sum, value) => sum + value, 0) / share.length;
  });
  const [min, max] = extentOf(means);
  const scale = max > min ? (BLOCKS.length - 1) / (max - min) : 0;
  return means.map((mean) => BLOCKS[Math.round((mean - min) * scale)]).join("");
}
