// Which bytes of a linear memory are free: spans in the order of their addresses, neighbours joined. Takes the smallest that
// is large enough. Knows numbers only; heap.ts puts tensors there.

export interface Span {
  readonly start: number;
  readonly bytes: number;
}

export class Spans {
  readonly #free: Span[] = [];

  /** Free bytes right before `end`, where there can be no later span. */
  bytesBefore(end: number): number {
    const last = this.#free.at(-1);
    return last !== undefined && last.start + last.bytes === end ? last.bytes : 0;
  }

  /** The start of `bytes` bytes that are free no more, or undefined if no span is as long. */
  take(bytes: number): number | undefined {
    let best = -1;
    for (const [i, span] of this.#free.entries()) {
      if (span.bytes >= bytes && (best < 0 || span.bytes < this.#free[best]!.bytes)) best = i;
    }
    if (best < 0) return undefined;
    const { start, bytes: available } = this.#free[best]!;
    const rest = available > bytes ? [{ start: start + bytes, bytes: available - bytes }] : [];
    this.#free.splice(best, 1, ...rest);
    return start;
  }

  /** Takes bytes back, which must not be free already. */
  give(start: number, bytes: number): void {
    const at = this.#positionOf(start);
    const [before, after] = [this.#free[at - 1], this.#free[at]];
    const joinsBefore = before !== undefined && before.start + before.bytes === start;
    const joinsAfter = after !== undefined && start + bytes === after.start;
    const from = joinsBefore ? before.start : start;
    const to = joinsAfter ? after.start + after.bytes : start + bytes;
    const first = joinsBefore ? at - 1 : at;
    this.#free.splice(first, Number(joinsBefore) + Number(joinsAfter), { start: from, bytes: to - from });
  }

  /** How many spans start before `start`. */
  #positionOf(start: number): number {
    let [low, high] = [0, this.#free.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#free[middle]!.start < start) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
