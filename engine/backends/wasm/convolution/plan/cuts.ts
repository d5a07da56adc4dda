// Cuts a convolution into parts that write different elements.

import { evenly } from "../../work.ts";

/** Images, and strips of filters. */
export interface Cut {
  readonly image: number;
  readonly images: number;
  /** Strips. */
  readonly start: number;
  readonly end: number;
}

/** By images, together as they are computed together; by strips too where there are too few. */
export function cutImages(batch: number, together: number, strips: number, parts: number): Cut[] {
  const units = Math.ceil(batch / together);
  const byStrips = evenly(strips, Math.ceil(parts / Math.max(units, 1)));
  return evenly(units, parts).flatMap(({ start: from, end: to }) => {
    const [image, end] = [from * together, Math.min(to * together, batch)];
    return byStrips.map(({ start, end: last }) => ({ image, images: end - image, start, end: last }));
  });
}
