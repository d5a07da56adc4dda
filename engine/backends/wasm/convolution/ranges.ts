// Cuts counts into ranges, and rounds them.

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
