// Covers a length with blocks of one size, where a block computed twice does no harm and one that hangs over would.

/** Where blocks of `step` cover `length` ≥ `step`; the last may overlap the one before. */
export function startsOf(length: number, step: number): number[] {
  return Array.from({ length: Math.ceil(length / step) }, (_, block) => Math.min(block * step, length - step));
}

/** The smallest multiple of `step` that is at least `value`. */
export function roundUp(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
