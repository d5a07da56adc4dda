// Fewer points for the same picture: the smallest and the largest value of each stretch stay, so no spike is lost.
// Chosen over LTTB, which may drop the very outlier that a lecture on learning rates wants to show.

export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** At most `limit` points (at least 4), first and last among them, in the order of x. */
export function downsample(x: ArrayLike<number>, y: ArrayLike<number>, limit: number): Points {
  const indices = keptIndices(y, Math.max(4, limit));
  return { x: indices.map((index) => x[index] as number), y: indices.map((index) => y[index] as number) };
}

function keptIndices(y: ArrayLike<number>, limit: number): number[] {
  if (y.length <= limit) return Array.from({ length: y.length }, (_, index) => index);
  const last = y.length - 1;
  const stretches = Math.floor((limit - 2) / 2);
  const kept = [0];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = 1 + Math.floor((stretch * (last - 1)) / stretches);
    const to = 1 + Math.floor(((stretch + 1) * (last - 1)) / stretches);
    kept.push(...extremesBetween(y, from, to));
  }
  kept.push(last);
  return kept;
}

/** Indices of the smallest and the largest value in [from, to), in order; NaN never wins. */
function extremesBetween(y: ArrayLike<number>, from: number, to: number): number[] {
  let lowest = from;
  let highest = from;
  for (let index = from; index < to; index++) {
    const value = y[index] as number;
    if (value < (y[lowest] as number) || Number.isNaN(y[lowest])) lowest = index;
    if (value > (y[highest] as number) || Number.isNaN(y[highest])) highest = index;
  }
  if (lowest === highest) return [lowest];
  return lowest < highest ? [lowest, highest] : [highest, lowest];
}
