// Cuts work into parts that write different elements.

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Cuts `count` into at most `parts` ranges whose sizes differ by at most 1. */
export function evenly(count: number, parts: number): Range[] {
  const number = Math.min(count, parts);
  const bound = (part: number) => Math.floor((part * count) / number);
  return Array.from({ length: number }, (_, part) => ({ start: bound(part), end: bound(part + 1) }));
}

export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}

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
