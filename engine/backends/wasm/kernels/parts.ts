// How work is cut into parts for the threads.

/** Cuts `length` into at most `parts` pieces, even but for steps of `step`. */
export function cut(length: number, parts: number, step = 1): (readonly [start: number, length: number])[] {
  const steps = Math.ceil(length / step);
  const pieces = Math.min(parts, steps);
  return Array.from({ length: pieces }, (_, i) => {
    const start = Math.floor((i * steps) / pieces) * step;
    const end = Math.min(Math.floor(((i + 1) * steps) / pieces) * step, length);
    return [start, end - start] as const;
  });
}
